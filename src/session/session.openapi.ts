import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';

/** Query parameters that several routes share. */

const size = { required: false, type: 'integer', description: '1 to 1000, default 250', example: 250 } as const;
const token = {
  name: 'page_token',
  required: false,
  type: String,
  description: 'from the Link header of the previous page',
} as const;

export const ApiActive = (): MethodDecorator =>
  ApiQuery({
    name: 'active',
    required: false,
    type: Boolean,
    description: 'true: only live sessions; false: only others',
  });

export const ApiExpand = (): MethodDecorator =>
  ApiQuery({ name: 'expand', required: false, isArray: true, enum: ['identity', 'devices'] });

export const ApiTokenPages = (): MethodDecorator =>
  applyDecorators(ApiQuery({ name: 'page_size', ...size }), ApiQuery(token));

export const ApiNumberedPages = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({ name: 'page', required: false, type: 'integer', description: 'starts at 1', example: 1 }),
    ApiQuery({ name: 'per_page', ...size }),
    ApiQuery({ name: 'page_size', ...size }),
    ApiQuery(token),
  );

const text = { schema: { type: 'string' as const } };
export const LINK = { Link: { description: 'rel="first" and, unless this is the last page, rel="next"', ...text } };
export const NUMBERED_LINKS = {
  Link: { description: 'rel="first", "next", "prev" and "last", if those pages exist', ...text },
  'X-Total-Count': { description: 'number of sessions on all pages', schema: { type: 'integer' as const } },
};

import { applyDecorators, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiQuery } from '@nestjs/swagger';

/** Rows on a page. */
export interface PageSizes {
  readonly usual: number;
  readonly largest: number;
}

/** The query parameters of a list that comes in pages. */
export const ApiPageQuery = ({ usual, largest }: PageSizes): MethodDecorator =>
  applyDecorators(
    ApiQuery({
      name: 'page_size',
      required: false,
      type: 'integer',
      description: `1 to ${largest}, default ${usual}`,
      example: usual,
    }),
    ApiQuery({
      name: 'page_token',
      required: false,
      type: String,
      description: 'as the Link header of the page before gave it',
    }),
  );

/** The header that leads to the next page. */
export const LINK_HEADER = {
  Link: { description: 'rel="next", while there is more', schema: { type: 'string' } },
} as const;

/** A page: a list of `type`, and where it goes on. */
export const ApiPage = (type: Type): MethodDecorator => ApiOkResponse({ type: [type], headers: LINK_HEADER });

/** @param address of the next page; absent: this is the last one */
export const nextLink = (address: string | undefined): Record<string, string> =>
  address === undefined ? {} : { link: `<${address}>; rel="next"` };

import { applyDecorators, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiQuery } from '@nestjs/swagger';

/** Rows per page. */
export interface PageSizes {
  readonly usual: number;
  readonly largest: number;
}

/** Documents the query parameters of a paged list. */
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
      description: 'from the Link header of the previous page',
    }),
  );

/** Documents the header that leads to the next page. */
export const LINK_HEADER = {
  Link: { description: 'rel="next", unless this is the last page', schema: { type: 'string' } },
} as const;

/** Documents a page: a list of `type`, and the link to the next page. */
export const ApiPage = (type: Type): MethodDecorator => ApiOkResponse({ type: [type], headers: LINK_HEADER });

/** @param address of the next page; absent on the last page */
export const nextLink = (address: string | undefined): Record<string, string> =>
  address === undefined ? {} : { link: `<${address}>; rel="next"` };

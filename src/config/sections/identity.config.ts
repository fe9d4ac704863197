import { Items, Matching, Text } from '../keys.js';

export class SchemaSource {
  @Text() readonly id: string = '';
  /** already resolved against the folder of the file that contains it */
  @Matching(
    /^(file|base64|preset|https?):\/\/./i,
    'must be a file path, or start with file://, base64://, preset://, http:// or https://',
  )
  readonly url: string = '';
}

/** `identity` in kratos.yml: the schemas that traits must follow. */
export class IdentityConfig {
  @Text() readonly default_schema_id: string = 'default';
  @Items(() => SchemaSource) readonly schemas: SchemaSource[] = [];
}

/** What a recovery link carries in its query. */
export interface LinkParts {
  flow: string;
  token: string;
}

import type { TestApp } from './app.js';

/** Creates a recovery link for that person. */
export async function newLink(
  app: TestApp,
  identityId: string,
  more: { expires_in?: string; query?: string; contain?: boolean; reset?: readonly string[] } = {},
): Promise<URL> {
  const { query = '', ...body } = more;
  const answer = await app
    .admin()
    .post(`/admin/recovery/link${query}`)
    .send({ identity_id: identityId, ...body })
    .expect(200);
  return new URL((answer.body as { recovery_link: string }).recovery_link);
}

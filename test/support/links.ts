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

/** Opens a link and presses the button of its page. */
export async function pressButton(of: TestApp, link: URL, accept = 'text/html') {
  const agent = of.publicAgent();
  const page = await agent.get(`/ui/confirm${link.search}`).set('accept', 'text/html').expect(200);
  const proof = /name="proof" value="([^"]+)"/.exec(page.text)![1]!;
  return agent
    .post('/self-service/recovery')
    .set('accept', accept)
    .type('form')
    .send({ ...Object.fromEntries(link.searchParams), proof });
}

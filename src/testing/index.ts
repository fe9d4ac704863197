/**
 * Testing: `regain/testing`, the kit with which extensions are tested against the real server.
 *
 * Owns: a server on free ports of loopback with an embedded database of its own, requests to it, people, tokens, a sink for their mail.
 * Does not own: a test runner. Nothing of ours but main.ts is called by it, and nothing calls it.
 */
export { type TestMail } from './mail-sink.js';
export { type Answered, startTestApp, type TestApp, type TestAppOptions, type TestPerson } from './test-app.js';

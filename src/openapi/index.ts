/**
 * OpenAPI: the document generated from the DTOs, and Swagger UI on the admin listener.
 *
 * Owns: title, security scheme, `/docs`, `/openapi.json`. Does not own: any operation (each controller describes its
 * own).
 */
export { describeApi, serveApiDocs } from './openapi.js';

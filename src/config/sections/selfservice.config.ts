import { Link, Links, Section } from '../keys.js';
import { FlowsConfig } from './flows.config.js';
import { MethodsConfig } from './methods.config.js';

/** `selfservice` in kratos.yml: what people can do themselves, and where they are sent afterwards. */
export class SelfServiceConfig {
  /** default: the built-in welcome page */
  @Link() readonly default_browser_return_url: string = '';
  /** URLs that `return_to` may lead to, in addition to `serve.public.base_url` */
  @Links() readonly allowed_return_urls: string[] = [];
  @Section(() => MethodsConfig) readonly methods: MethodsConfig = new MethodsConfig();
  @Section(() => FlowsConfig) readonly flows: FlowsConfig = new FlowsConfig();
}

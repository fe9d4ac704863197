import { Link, Links, Section } from '../keys.js';
import { FlowsConfig } from './flows.config.js';
import { MethodsConfig } from './methods.config.js';

/** `selfservice` in kratos.yml: what a person can do, how, and where they come out. */
export class SelfServiceConfig {
  /** Absent from the files: our own welcome page. */
  @Link() readonly default_browser_return_url: string = '';
  /** Where `return_to` may lead, besides `serve.public.base_url`. */
  @Links() readonly allowed_return_urls: string[] = [];
  @Section(() => MethodsConfig) readonly methods: MethodsConfig = new MethodsConfig();
  @Section(() => FlowsConfig) readonly flows: FlowsConfig = new FlowsConfig();
}

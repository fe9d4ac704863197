import { Controller, Get, Module } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { expect, test } from 'vitest';
import {
  AdminController,
  defineEntity,
  defineExtension,
  type ExtensionOptions,
  p,
  PublicController,
  Scope,
} from '../../src/index.js';
import { startTestApp } from '../support/app.js';

/* What stops the start, before anybody is answered. */
function moduleOf(...controllers: (new () => object)[]): ExtensionOptions['modules'] {
  @Module({ controllers })
  class Guests {}
  return [Guests];
}

@Controller('vip')
class ForNobody {
  @Get()
  read() {}
}

@AdminController('vip', { scope: 'vip:raed' })
class Misspelt {
  @Get()
  read() {}
}

@AdminController('vip', { scope: 'identity:read' })
class Good {
  @Get('list')
  read() {}
}

@PublicController('admin/vip')
class Unguarded {
  @Get()
  read() {}
}

@AdminController('identities', { scope: 'identity:read' })
class OnOurs {
  @Get(':id/vip')
  read() {}
}

@AdminController('identities', { scope: 'identity:read' })
class Inherits extends Good {}

@AdminController('vip', { scope: 'vip:raed' })
class InheritsMisspelt extends Misspelt {}

@AdminController('vip', { scope: '' })
class ForAnyToken {
  @Get()
  read() {}
}

@AdminController('vip', { scope: 'identity:read' })
class OneForAnyToken {
  @Get()
  @Scope('identity:read', '')
  read() {}
}

@PublicController('desk')
class Moved {
  @Get()
  read() {}
}
@Module({ controllers: [Moved] })
class MovedModule {}
@Module({ imports: [MovedModule, RouterModule.register([{ path: 'sessions', module: MovedModule }])] })
class Mover {}

@Module({ controllers: [ForNobody] })
class Below {}
@Module({ imports: [Below] })
class Above {}

test.each<[string, ExtensionOptions, string]>([
  [
    'a route without an audience',
    { name: 'vip', modules: moduleOf(ForNobody), prefixes: ['/vip'] },
    'ForNobody declares no audience',
  ],
  [
    'the same in a module below',
    { name: 'vip', modules: [Above], prefixes: ['/vip'] },
    'ForNobody declares no audience',
  ],
  [
    'a scope that nobody declares',
    { name: 'vip', modules: moduleOf(Misspelt), prefixes: ['/admin/vip'], scopes: { 'vip:read': 'x' } },
    'Misspelt.read requires the scope "vip:raed", which does not exist',
  ],
  [
    'the same on an inherited method',
    { name: 'vip', modules: moduleOf(InheritsMisspelt), prefixes: ['/admin/vip'], scopes: { 'vip:read': 'x' } },
    'InheritsMisspelt.read requires the scope "vip:raed", which does not exist',
  ],
  [
    'a controller for any token',
    { name: 'vip', modules: moduleOf(ForAnyToken), prefixes: ['/admin/vip'] },
    'vip: ForAnyToken.read names no scope',
  ],
  [
    'a method for any token',
    { name: 'vip', modules: moduleOf(OneForAnyToken), prefixes: ['/admin/vip'] },
    'vip: OneForAnyToken.read names no scope',
  ],
  [
    'an inherited route below no prefix',
    { name: 'vip', modules: moduleOf(Inherits), prefixes: ['/admin/vip'] },
    'vip: Inherits answers /admin/identities/list, which is below none of its prefixes (/admin/vip)',
  ],
  [
    'a route that RouterModule moves elsewhere',
    { name: 'vip', modules: [Mover], prefixes: ['/desk'] },
    'vip: Moved answers /sessions/desk, which is below none of its prefixes (/desk)',
  ],
  [
    'a route below no prefix',
    { name: 'vip', modules: moduleOf(Good), prefixes: ['/admin/very'] },
    'vip: Good answers /admin/vip/list, which is below none of its prefixes (/admin/very)',
  ],
  [
    'no prefix at all',
    { name: 'vip', modules: moduleOf(Good) },
    'vip: Good answers /admin/vip/list, which is below none of its prefixes (it declares none)',
  ],
  [
    'a public route below /admin',
    { name: 'vip', modules: moduleOf(Unguarded), prefixes: ['/admin/vip'] },
    'vip: Unguarded answers /admin/vip without a token: use @AdminController below /admin',
  ],
  [
    'a prefix that is ours',
    { name: 'vip', modules: moduleOf(OnOurs), prefixes: ['/admin/identities'] },
    "vip: OnOurs answers /admin/identities/:id/vip, and /admin/identities is Regain's: choose another prefix",
  ],
  [
    'an entity in our schema',
    {
      name: 'vip',
      entities: [
        defineEntity({ name: 'Row', tableName: 'identity', schema: 'public', properties: { id: p.uuid().primary() } }),
      ],
    },
    'the extension vip names public.identity: it may use tables of its schema ext_vip only',
  ],
  [
    'a migration that PostgreSQL refuses',
    { name: 'vip', migrations: [{ name: '1', up: ['CREATE TABEL mistake ()'] }] },
    'the migration 1 of the extension vip failed: syntax error at or near "TABEL"',
  ],
])('%s', async (_, extension, message) => {
  await expect(startTestApp({ extensions: [defineExtension(extension)] })).rejects.toThrow(message);
});

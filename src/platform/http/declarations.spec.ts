import 'reflect-metadata';
import { Controller, Get, SetMetadata } from '@nestjs/common';
import { expect, expectTypeOf, test } from 'vitest';
import { AdminController, Audience, PublicController, Scope, SCOPE } from './audience.js';
import { misdeclared } from './declarations.js';
import { type ScopeName, ScopeNames } from './scopes.js';

@AdminController('good', { scope: 'identity:read' })
class Good {
  @Get()
  read() {}

  @Get('either')
  @Scope('recovery:issue', 'recovery:deliver')
  either() {}

  @Get('any')
  @Scope('')
  any() {}

  notARoute() {}
}

@PublicController('open')
class Open {
  @Get()
  read() {}
}

@Controller('nobody')
class ForNobody {
  @Get()
  read() {}
}

/** Declared as in a package in plain JavaScript, where no compiler checks the scope's name. */
@Controller('admin/misspelt')
@Audience('admin')
class Misspelt {
  @Get('one')
  @SetMetadata(SCOPE, 'recovery:revok')
  one() {}

  @Get('two')
  @SetMetadata(SCOPE, ['recovery:issue', 'Recovery:Deliver'])
  two() {}

  @Get('three')
  three() {}
}

const OURS = new ScopeNames();

test('complete declarations are accepted', () => expect(misdeclared([Good, Open], OURS)).toEqual([]));

test('every other route is named, with its fault', () =>
  expect(misdeclared([Good, ForNobody, Misspelt], OURS)).toEqual([
    'ForNobody declares no audience',
    'Misspelt.one requires the scope "recovery:revok", which does not exist',
    'Misspelt.two requires the scope "Recovery:Deliver", which does not exist',
    'Misspelt.three declares no scope',
  ]));

test('a scope of a loaded extension is accepted', () =>
  expect(misdeclared([Misspelt], new ScopeNames(['recovery:revok']))).toEqual([
    'Misspelt.two requires the scope "Recovery:Deliver", which does not exist',
    'Misspelt.three declares no scope',
  ]));

test('a misspelled scope does not compile', () => {
  expectTypeOf<'recovery:revok'>().not.toExtend<ScopeName>();
  expectTypeOf<Parameters<typeof Scope>[0]>().toEqualTypeOf<ScopeName | ''>();
  expectTypeOf<Parameters<typeof AdminController>[1]['scope']>().toEqualTypeOf<ScopeName>();
});

/**
 * Names that stand in every other line of a program (`create`, `index`, `run`): looked for letter for letter they bring more lines than anybody looks
 * at. They are looked for in the forms in which languages define them.
 */

import type { SourceLanguage } from './languages';

const common: ReadonlySet<string> = new Set(
  [
    'accept add after all append apply as at authenticate authorize before begin bind body build build_call bulk call cancel catch change check clear',
    'clone close collect commit compute config configure confirm connect consume context convert copy count create current data date default delete',
    'describe destroy details dispatch display dispose do done download edit enqueue error event execute exists exit export fetch fields filter find',
    'findAll findById findOne first flush for format from get getAll getById group handle handler has hash head id import index info init initialize input',
    'insert invoke is item items join key last list listen load lock log login logout main make map message method middleware model move name new next',
    'notify of on open options order output page parse patch path perform ping play post prepare print process publish push put query read ready',
    'receive record redirect refresh register release reload remove render replace request reset resolve response result retry return root route run',
    'save schedule search select send server service session set setup show shutdown sign sort start state status step stop store string submit subscribe',
    'sync task test text then time title to token toString transform trigger type unlock update upload url use user users valid validate value verify view',
    'views wait with worker write',
  ]
    .join(' ')
    .split(' '),
);

/** One that begins with a capital may be a class's, and is looked for as it is. */
export function isCommonName(name: string): boolean {
  if (/^\p{Lu}/u.test(name)) return false;
  return (
    name.length <= 3 || common.has(name) || common.has(name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
  );
}

/** Forms that are known before anybody knows the language; with one that only JavaScript has where the service may be of it. */
export function definitionNeedles(name: string, languages?: ReadonlySet<SourceLanguage>): readonly string[] {
  const forms = [` ${name}(`, `def ${name}`, `${name} = `, `${name}: `, `\t${name}(`];
  return languages?.size && !languages.has('javascript') ? forms : [...forms, ` ${name} (`];
}

const ofFunctions: readonly (readonly [SourceLanguage, readonly string[]])[] = [
  ['javascript', [' NAME<']],
  ['ruby', ['def self.NAME']],
  ['go', [' NAME[']],
  ['java', [' NAME<']],
  ['rust', [' NAME<']],
  ['kotlin', ['.NAME(']],
  ['cpp', ['::NAME(']],
  ['fsharp', ['.NAME']],
  ['php', ['&NAME(']],
];
const ofClasses: readonly (readonly [SourceLanguage, readonly string[]])[] = [
  ['java', ['class NAME', 'interface NAME', 'record NAME']],
  ['kotlin', ['class NAME', 'object NAME']],
  ['scala', ['class NAME', 'object NAME', 'trait NAME']],
  ['csharp', ['class NAME', 'record NAME', 'struct NAME']],
  ['javascript', ['class NAME', 'const NAME']],
  ['python', ['class NAME']],
  ['ruby', ['class NAME', 'module NAME', '::NAME']],
  ['php', ['class NAME', 'trait NAME']],
  ['go', ['type NAME ']],
  ['rust', ['struct NAME', 'enum NAME', 'trait NAME']],
  ['swift', ['class NAME', 'struct NAME']],
  ['elixir', ['defmodule NAME', '.NAME do']],
];
const maxForms = 5;

/** Further forms, of the languages of a service: for a second look, as each may be a search of its own. */
export function furtherNeedles(name: string, languages: ReadonlySet<SourceLanguage> | undefined): readonly string[] {
  const isClass = /^\p{Lu}/u.test(name);
  const forms = (isClass ? ofClasses : ofFunctions).flatMap(([language, each]) =>
    !languages?.size || languages.has(language) ? each : [],
  );
  return [...new Set(forms.map((form) => form.replace('NAME', name)))].slice(0, maxForms);
}

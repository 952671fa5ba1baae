/**
 * What methods of ORMs and query builders do, by their names: the same words in all of them, in the spelling of each language
 * (`find_by`, `findBy`, `FindBy`, `FindByAsync`). User's methods are often called alike, and are weighed where they stand.
 */

import { columnKey } from './nouns';
import type { Operation, Statement } from './statement';

/** Ends a chain or begins one; keys are of `verbKey`. */
const exact: Readonly<Record<Operation, ReadonlySet<string>>> = {
  select: new Set(
    `find findall findmany findone findunique findfirst findby findbyid findbypk findorfail findoneby findoneorfail findsole findasync findeach
    findinbatches first firstorfail firstordefault firstorcreate firstornew single singleordefault last lastordefault where wherein wherehas orwhere filter
    filterby get getall getone getby getall all list tolist toarray todictionary select selectfrom selectall fetch fetchone fetchall fetchinto fetchmap
    fetchandmap query newquery pluck value count exists doesntexist any none empty sum average avg min max minimum maximum paginate simplepaginate
    cursorpaginate aggregate distinct take pick ids load loadmany scalars scalar scalaroneornone one oneornone findandcount findandcountall
    findoneandcount each eachrow lazy cursor getresult getoneornullresult getsingleresult getarrayresult getmany getmanyandcount getrawmany
    getrawone execute exec raw with includes preload eagerload joins include innerjoin leftjoin fromsql frombyid fromsqlraw findbysql
    queryfor queryforobject queryforlist querybuilder createquerybuilder scan rows row getreferencebyid getone getobjector404 getbyid
    selectone selectbyid selectlist selectcount selectpage selectbyids selectbatchids listbyids getlistor404 valueslist values annotate latest oldest sole groupby loadtype countdocuments estimateddocumentcount findbyidandupdate
    destroyall fetchcount fetchexists fetchoptional orderby limit order from project stream iterator getfirst getorfail getorcreate updateorcreate findorcreate`.split(
      /\s+/,
    ),
  ),
  insert: new Set(
    `create createmany insert insertinto insertmany insertone insertgetid insertall insertorignore createorfail createbang save saveall saveandflush savemany add addall addrange
    persist persistandflush nativeinsert bulkcreate bulksave upsert upsertall updateorcreate updateorinsert findorcreate findorcreateby findorinitializeby firstorcreate createorfirst
    getorcreate push store attach sync batchinsert createinbatches build values put replace merge record replaceone`.split(/\s+/),
  ),
  update: new Set(
    `update updatebyid updatebatchbyid updates updateall updatemany updateone updatecolumn updatecolumns updateattribute updateattributes updateorfail set setdata save saveall saveandflush
    merge upsert updateorcreate findoneandupdate findbyidandupdate findoneandreplace increment decrement incrementcounter touch toggle fill persistandflush nativeupdate assignattributes bulkupdate
    executeupdate savechanges store push replaceone attach patch setvalue modify forcefill savequietly updatequietly put`.split(
      /\s+/,
    ),
  ),
  delete: new Set(
    `delete deleteall deletemany deleteone deleteby deletebyid deletefrom destroy destroyall destroyby remove removeall removerange del truncate executedelete
    nativedelete removeandflush deletebyids deletebatchids removebyid removebyids forcedelete rawdelete findbyidanddelete findoneanddelete findbyidandremove detach purge clear deleteinbatch deleteallinbatch softdelete softremove
    unscoped deleteallbyid`.split(/\s+/),
  ),
};
const begins: Readonly<Record<Operation, RegExp>> = {
  select: /^(?:find|get|fetch|load|list|query|count|exists|search|read|select|lookup|by|all|first|stream|page|paginate|retrieve)/,
  insert: /^(?:create|insert|add|save|persist|store|upsert|register|append|record)/,
  update: /^(?:update|set|save|mark|change|increment|decrement|touch|modify|rename|upsert|patch|toggle)/,
  delete: /^(?:delete|destroy|remove|purge|clear|prune|drop|cleanup|del)/,
};
/** A save is either. */
const neutral =
  /^(?:setparameters?$|save|store|upsert|merge|push|put|sync|attach|values|execute|exec|raw|with|from|with|where|filter|query|all|each|order|limit|orderby|first|find|select)/;

/** Spring Data makes a query of such a name; others name a method of their own so that holds one. */
const derived = /^(?:find|get|read|query|count|exists|delete|remove|stream)(?:All|First|Top\d*|Distinct|One)?By[A-Z]/;

export function verbKey(name: string): string {
  return name
    .slice(0, 80)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/(?<=.{3})(?:async|orthrow|awaiting|suspend)$/, '');
}

/** `updatedAt` is when, and does nothing. */
const when = /^(?:creat|updat|delet|sav|remov|insert|add|modifi|chang|mark|load|fetch|stor|persist|register)ed(?![a-z])/;

/** How well a method does an operation: 2 by its name, 1 by how the name begins, 0 not at all, -2 where it does another. */
export function fitsOperation(method: string, operation: Operation | undefined): number {
  if (when.test(method)) return 0;
  const key = verbKey(method);
  if (operation === undefined) return isVerb(method) ? 1 : 0;
  const [, asked] = /^execute(update|delete)$/.exec(key) ?? [];
  if (asked !== undefined) return asked === operation ? 2 : -2;
  if (exact[operation].has(key)) return 2;
  if (begins[operation].test(key)) return derived.test(method) ? 2 : 1;
  if (neutral.test(key)) return 0;
  for (const other of ['select', 'insert', 'update', 'delete'] as const)
    if (other !== operation && other !== 'select' && (exact[other].has(key) || begins[other].test(key))) return -2;
  return 0;
}

export function isVerb(method: string): boolean {
  if (when.test(method)) return false;
  const key = verbKey(method);
  return Object.values(exact).some((verbs) => verbs.has(key)) || Object.values(begins).some((pattern) => pattern.test(key));
}

/** What takes a model or a table as an argument: `select(Order)`, `.Find(&orders)`, `Set<Order>()`, `knex('orders')`. */
const takers =
  /^(?:from|into|table|model|assoc|set|entity|collection|getrepository|repository|join|innerjoin|leftjoin|outerjoin|leftouterjoin|includes?|preload|with|selectinload|joinedload|subqueryload|prefetchrelated|selectrelated|eagerload|joins|of|type|insertinto|deletefrom|selectfrom|mergeinto|replaceinto|getobjector404|getlistor404|updatetable|scan|dest|knex|db|trx|tx|qb|sql|conn|exec|execute|makequery|createquery|bulkinsert|loadasync|getmodel|usemodel|refresh|attach|entry)$/;

export function takesModel(method: string): boolean {
  // `gorm.G[Order](db)`
  return method === 'G' || takers.test(verbKey(method)) || isVerb(method);
}

/** Brings other tables along. */
export function isRelation(method: string): boolean {
  return /^(?:includes?|theninclude|preload|with|load|loadmissing|loadcount|selectinload|joinedload|subqueryload|prefetchrelated|selectrelated|eagerload|joins|populate|relations|leftjoinandselect|innerjoinandselect|fetchjoin|withcount|association)$/.test(
    verbKey(method),
  );
}

const byKey =
  /^(?:find|get|first|findunique|findorfail|load|one|delete|update|save|destroy|(?:find|get|exists|select|delete|remove|update|list|read|load)\w{0,12}by(?:id|pk|key)s?(?:ornull)?)$/;

/** Of one row, which its key tells. */
export function isByKey(method: string): boolean {
  return byKey.test(verbKey(method));
}

/** `Order::first()` takes whichever comes first. */
export function asksForAny(text: string): boolean {
  return /(?:\.|->|::)(?:first|one|get|find)!?(?:Or(?:Fail|Null))?\(\s*\)[^.(]{0,20}$/i.test(text.slice(-80));
}

/** Of one row that is there, which may then be changed. */
export function isLoading(method: string): boolean {
  return /^(?:find|findby|findbybang|findorfail|findbyid|first|firstorfail|firstordefault|findone|findoneby|take|sole|last)$/.test(
    verbKey(method),
  );
}

const marks =
  /^(?:(?:is)?(?:deleted|removed|archived)(?:at|on|by|flag|time|date)?|del(?:flag|eteflag|etetime|etime)|(?:updated?|modified)(?:at|on|by|time|date|user)?)$/;

/** Of a column that only says that a row is gone, or when and by whom it was changed. */
export function onlyMarks(column: string): boolean {
  return marks.test(verbKey(column));
}

/** `order.getStatus()` of Java asks an order that is there already. */
export function isProperty(method: string, statement: Statement | undefined): boolean {
  const name = /^(?:get|is|set)([A-Z]\w{0,60})$/.exec(method)?.[1];
  if (name === undefined || !statement) return false;
  const key = columnKey(name);
  return [...statement.selected, ...statement.assigned, ...statement.compared].some((column) => columnKey(column) === key);
}

/** Functions that are given what a query is built with, or give it back: they ask nothing by themselves. */

const builder =
  '(?:ResultQuery|Select\\w*(?:Step|Query)|\\w*(?:QueryBuilder|QueryWrapper)|JPAQuery|IQueryable|CriteriaBuilder|CriteriaQuery|Criteria|Root|Query)';
const given = new RegExp(
  `\\bfun\\s+(?:<[^<>]*>\\s*)?(?:DSLContext|${builder})(?:<[^()]{0,80}>)?\\.|[(,]\\s*(?:final\\s+|this\\s+)?(?:\\w+\\s*:\\s*)?${builder}(?:<[^()]{0,80}>)?\\s*[\\w,)]`,
);

/** Who gives a query back has not asked it. */
const givesBack = /^\s*(?:\w+\s+){0,4}I(?:Ordered)?Queryable<[^()]{0,120}>\s+\w+\s*(?:<[^<>()]*>)?\(/;

/** `def open(self) -> Select[tuple[Order]]:` of SQLAlchemy. */
const selectOf = /\)\s*->\s*["']?(?:\w+\.)?(?:Select|Query)\[/;

/** `func OnDeck(deck string) QueryOption {`, `func open(q *gorm.DB) *gorm.DB {`: Go's parts of a query. */
const partInGo =
  /^func\b.*\)\s*(?:\*(?:gorm\.DB|xorm\.Session|bun\.\w*Query)|(?:\w+\.)?(?:\w*Scope|\w*Option|func\(\w* ?\*\w+\.\w+\) ?\*\w+\.\w+))\s*\{/;

/** `fun ResultQuery<Record>.fetchAndMap()`, `Page(this IQueryable<T> query)`, `IQueryable<Order> Open()` */
export function takesBuilder(head: string): boolean {
  const own = /^[^{]*/.exec(head)?.[0] ?? '';
  return given.test(own) || givesBack.test(own) || selectOf.test(head) || partInGo.test(head.slice(0, 400));
}

/** `const db = useDrizzle();` */
const connected =
  /^\s*(?:const|let|var)\s+(?:db|database|conn|connection|client|prisma|knex|em|orm|drizzle|trx|tx)\s*(?::[^=]{1,80})?=\s*(?:await\s+)?[\w.]{1,80}\([\w.,\s]{0,80}\);?\s*$/;
const handle =
  /^\s*(?:const|let|var)\s+\w{1,60}\s*(?::[^=]{1,80})?=\s*[\w.]{0,80}(?:[rR]epository|[cC]ollection|[mM]odel)(?:<[^<>()]{0,80}>)?\([^(){}]{0,80}\);?\s*$/;

/** `const orders = getRepository(Order);`, `const orders = db.collection('orders');` ask nothing yet. */
export function isHandle(text: string): boolean {
  return handle.test(text.slice(0, 400)) || connected.test(text.slice(0, 400));
}

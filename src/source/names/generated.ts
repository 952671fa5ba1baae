/**
 * What compilers and runtimes put into a name: the classes of lambdas, proxies and closures, the state machines of iterators and
 * coroutines, type arguments, hashes. Taken away, what is left names the function that a person wrote.
 */

export interface WithoutGenerated {
  readonly text: string;
  readonly isGenerated: boolean;
  readonly isAnonymous: boolean;
}

/** No compiler writes a longer name; patterns that look for the end of one from each place take their time with it. */
const maxLength = 1_000;

/** @param text of which more than 1,000 characters are not looked at and stay */
export function withoutGenerated(text: string): WithoutGenerated {
  if (text.length > maxLength) return { text, isGenerated: false, isAnonymous: false };
  let rest = text;
  let isGenerated = false;
  let isAnonymous = false;
  const take = (pattern: RegExp, by: string, anonymous: boolean): void => {
    const next = rest.replace(pattern, by);
    if (next === rest) return;
    rest = next;
    isGenerated = true;
    if (anonymous) isAnonymous = true;
  };

  // Rust: the hash at the end, `<T as Trait>::m`, type arguments.
  take(/::h[0-9a-f]{16}$/, '', false);
  rest = rest.replace(/<([^<>]*(?:<[^<>]*>)?[^<>]*?) as [^<>]*(?:<[^<>]*>[^<>]*)*>/g, (_, type: string) => withoutTypes(type));
  // `orders::store::<impl orders::Store>::find` names the type by its whole path, or what it implements before it.
  rest = rest.replace(/^.*<impl (?:[^<>]* for )?([\w:]+)(?:<[^<>]*>)?>(?=::)/, '$1');

  // .NET: iterators and async methods, closures, local functions, lambdas. The method stands in angle brackets.
  // A file of statements has a `Main` that the compiler calls `<Main>$`.
  rest = rest.replace(/<Main>\$/g, 'Main');
  take(/<(\w+)>g__(\w+)\|[\d_]+/g, '$2', false);
  take(/(?:<>c(?:__DisplayClass[\d_]+)?|<>c__\w+|<>O)[.+]/g, '', true);
  take(/<\.cctor>b__[\d_]+|<\.ctor>b__[\d_]+/g, '<init>', true);
  take(/(?:<(\w+)>c__(?:AnonStorey|DisplayClass)\w*[.+])+<(?:\w*)>[mb]__\w+/g, '$1', true);
  take(/<(\w+)>(?:c__(?:Iterator|async|AsyncIterator)\w*|d(?:__\w+)?)[.+]MoveNext$/, '$1', false);
  take(/<(\w+)>(?:c__\w+|d__\w+)/g, '$1', false);
  take(/<(\w+)>[mb]__[\w|]+/g, '$1', true);
  take(/(^|[.+])<>[mb]__\w+/g, '', true);

  // Scala: functions without a name, what is beside a class, of a file, of a package.
  take(/\$\$?anonfun\$([a-zA-Z]\w*)\$\d+(?:\$adapted)?(?:\.apply\S*)?$/, '.$1', true);
  take(/[\w$]+\$package\$?(?=[.$])|\bpackage\$(?=\.)|\.MODULE\$(?=\.)/g, '', false);

  // JVM: hidden classes of lambdas, proxies, synthetic methods, coroutines of Kotlin.
  take(/\$\$Lambda.*$/, '', true);
  take(/\$\$(?:SpringCGLIB|EnhancerBy\w+|FastClassBy\w+|EnhancerByCGLIB|ByteBuddy|HibernateProxy)\$\$?[\w$]*/g, '', false);
  take(/\$(?:HibernateProxy|MockitoMock|ByteBuddy)\$\w+|_(?:Subclass|ClientProxy|Bean)(?=\.)|\$Proxy\d+/g, '', false);
  take(/\blambda\$(?:new|static)\$\d+$/, '<init>', true);
  take(/\blambda\$([\w$]+?)\$\d+$/, '$1', true);
  take(/\$lambda(?:[$-]\d+)+(?:\$[\w-]+)*$/, '', true);
  take(/\$\$?(?:inlined|anonfun|anon)\$?[\w$]*(?=\.|$)/g, '', true);
  take(/\$(?:default|suspendImpl|suspend|impl|enhancer|original|aux)$/, '', false);
  take(/\$([a-z]\w*)(?:\$\d+)+\.(?:invokeSuspend|invoke|emit|collect)$/, '.$1', true);
  take(/\$\d+(?=\.|$)/g, '', true);
  take(/\baccess\$(?:\d+|(?=\w))/, '', false);
  // Kotlin: a function that takes or is of a value class.
  take(/(?<=\b[A-Z]\w*\.[a-z]\w*)-(?:impl|[\w-]{7})$/, '', false);

  // Elixir and Ruby: functions in functions, the body of a class.
  take(/"-([\w?!]+)\/\d+-(?:fun|lc|inlined)[\w-]*-"(?:\/\d+)?$/, '$1', true);
  take(/^<(?:class|module):([\w:]+)>$/, '$1', true);

  // Go: closures, wrappers, initialisers.
  take(/(?:\.(?:func\d+|gowrap\d+|deferwrap\d+|\d+))+$/, '', true);
  take(/(^|\.)glob\.$/, '', true);

  return { text: withoutTypes(rest), isGenerated, isAnonymous };
}

/** Type arguments: `[...]` and `[go.shape.int]` of Go and .NET, `<A, B<C>>` of the others. Angle brackets that are names stay. */
function withoutTypes(text: string): string {
  let rest = text.replace(/\[[^[\]]*\]/g, '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(
      /(::)?<(?!(?:locals|module|lambda|anonymous|init|clinit|main|listcomp|genexpr|dictcomp|setcomp|top \(required\))>)[^<>]*>/g,
      '',
    );
  }
  return rest.replace(/\[[^[\]]*\]/g, '');
}

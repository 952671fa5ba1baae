/** What of a span may stand in the source: names and texts, and what tells them apart. */

export type TextKind =
  | 'route'
  | 'sql'
  | 'topic'
  | 'url'
  | 'query'
  | 'spanName'
  | 'job'
  | 'namedJob'
  | 'faas'
  | 'command'
  | 'rpcCall'
  | FrameworkTextKind;

/** What frameworks say in words of their own: a route that is a file, a template, a field of GraphQL, a procedure of tRPC. */
export type FrameworkTextKind = 'fileRoute' | 'view' | 'graphql' | 'procedure';

export interface TextHint {
  readonly kind: TextKind;
  /** The attribute that it came from, `span name` for the name. */
  readonly from: string;
  readonly text: string;
}

export interface NameHint {
  /** As the span writes it: `main.(*Server).charge`, `com.acme.Cart.add`, `Cart::Store#add`. */
  readonly name: string;
  readonly from: string;
  /** It is known to be a function's. A span's own name may be anything. */
  readonly isStated: boolean;
  /** A method of a service's interface: the class that implements it is called otherwise. */
  readonly isRpc?: true;
}

export interface SourceHints {
  /** Most telling first. */
  readonly names: readonly NameHint[];
  /** Most telling first. */
  readonly texts: readonly TextHint[];
  /** Of the request. */
  readonly method?: string;
  /** What calls that make the query of a database look like. */
  readonly needles?: readonly string[];
  /** Of the database or the queue, its first word: `insert`, `publish`. */
  readonly operation?: string;
}

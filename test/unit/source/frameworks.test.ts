// What spans of frameworks say in words of their own: functions, templates, fields of GraphQL.
import { describe, expect, it } from 'vitest';
import { firstField } from '../../../src/source/graphql/graphqlHints';
import type { Relative } from '../../../src/source/model/types';
import { type Asked, hintsOf, memoryPorts, placeOf, shown } from './support/memory';
import { resolveHints } from './support/resolveHints';

function around(attributes: Record<string, unknown>, name = ''): Relative {
  return { name, service: '', kind: 2, attributes };
}

async function placeIn(span: Asked, ancestors: readonly Relative[], files: Readonly<Record<string, string>>): Promise<string> {
  const family = { ancestors, before: [], children: [] };
  const { candidates } = await resolveHints({ name: '', attributes: {}, ...span, family }, memoryPorts(files), {
    pathMappings: {},
  });
  const [best] = candidates;
  return best ? `${best.file.replace('file:///work/', '')}:${best.line + 1} ${best.confidence}` : '';
}

describe('functions that frameworks name', () => {
  const nest = {
    'src/orders/orders.controller.ts': `@Controller('orders')
export class OrdersController {
  @Get()
  findAll() {}
}
`,
    'src/carts/carts.controller.ts': `@Controller('carts')
export class CartsController {
  @Get()
  findAll() {}
}
`,
  };

  it('of NestJS: the controller may be said by the span around the handler', async () => {
    const own = { 'nestjs.controller': 'CartsController', 'nestjs.callback': 'findAll', 'nestjs.type': 'request_context' };
    expect(await placeOf({ name: 'CartsController.findAll', attributes: own }, nest)).toBe('src/carts/carts.controller.ts:4');
    const handler = { name: 'findAll', attributes: { 'nestjs.callback': 'findAll', 'nestjs.type': 'handler' } };
    const scope = '@opentelemetry/instrumentation-nestjs-core';
    expect(await placeIn({ ...handler, scope }, [around(own)], nest)).toMatch(/^src\/carts\/carts.controller.ts:4 0\.[89]/);
    const alone = await hintsOf({ ...handler, scope }, nest);
    expect(alone.candidates[0].confidence).toBeLessThan(0.5);
  });

  it('of a middleware: what it is called, not the route that it is on the way to', async () => {
    const files = {
      'lib/guards.js': 'function requireLogin(req, res, next) {\n}\nmodule.exports = { requireLogin };\n',
      'app.js': "app.use(requireLogin);\napp.get('/orders', (req, res) => {});\n",
    };
    const attributes = { 'express.type': 'middleware', 'express.name': 'requireLogin', 'http.route': '/orders' };
    expect(shown(await hintsOf({ name: 'middleware - requireLogin', language: 'nodejs', attributes }, files))[0]).toMatch(
      /^lib\/guards.js:1 /,
    );
    // A name that every program has, in the style that leaves a space before its parenthesis.
    const spaced = { 'lib/auth.js': 'module.exports = {\n  authenticate (req, res, next) {\n    next()\n  }\n}\n' };
    const common = { 'express.type': 'middleware', 'express.name': 'authenticate' };
    expect(await placeOf({ name: 'middleware - authenticate', language: 'nodejs', attributes: common }, spaced)).toBe(
      'lib/auth.js:2',
    );
    const unnamed = { 'express.type': 'middleware', 'express.name': '<anonymous>', 'http.route': '/orders' };
    expect(await placeOf({ name: 'middleware', language: 'nodejs', attributes: unnamed }, files)).toBe('');
  });

  it("of Tornado: the method of the class that is called like the request's", async () => {
    const files = {
      'quay/handlers/boats.py': `class BoatListHandler(BaseHandler):
    @needs('read')
    async def get(self):
        pass

    @needs('write')
    async def post(self):
        pass


class BoatHandler(BaseHandler):
    async def post(self, name):
        pass
`,
    };
    const ask = (handler: string, method: string) => ({
      name: `${method} /boats`,
      language: 'python',
      attributes: { 'tornado.handler': handler, 'http.method': method, 'http.target': '/boats?page=2' },
    });
    expect(await placeOf(ask('quay.handlers.boats.BoatListHandler', 'POST'), files)).toBe('quay/handlers/boats.py:7');
    expect(await placeOf(ask('quay.handlers.boats.BoatHandler', 'POST'), files)).toBe('quay/handlers/boats.py:12');
    expect(await placeOf(ask('tornado.web.StaticFileHandler', 'GET'), files)).toBe('');
  });

  it('of Phoenix and Action Mailer', async () => {
    const files = {
      'lib/shop_web/order_controller.ex': 'defmodule ShopWeb.OrderController do\n  def show(conn, _) do\n  end\nend\n',
      'app/mailers/order_mailer.rb': 'class OrderMailer < ApplicationMailer\n  def shipped(order)\n  end\nend\n',
    };
    const phoenix = { 'phoenix.plug': 'Elixir.ShopWeb.OrderController', 'phoenix.action': 'show' };
    expect(await placeOf({ attributes: phoenix }, files)).toBe('lib/shop_web/order_controller.ex:2');
    const mail = { mailer: 'OrderMailer', action: 'shipped' };
    expect(await placeOf({ name: 'process.action_mailer', attributes: mail }, files)).toBe('app/mailers/order_mailer.rb:2');
  });
});

describe('templates', () => {
  const files = {
    'app/views/orders/show.html.erb': '<h1>',
    'app/views/carts/show.html.erb': '<h1>',
    'app/views/orders/_line.html.erb': '<li>',
    'resources/views/orders/list.blade.php': '<ul>',
    'src/main/resources/templates/orders/log.list.ftl': '<#list>\n',
    'src/main/resources/templates/orders/edit.html': '<form>',
    'shop/templates/orders/mail.html': 'Dear',
    'views/home.pug': 'h1',
    'api/app/views/carts/show.json.jbuilder': 'json.id 1',
    'backend/app/views/carts/show.json.jbuilder': 'json.id 1',
  };
  it.each([
    [
      'render_template.action_view',
      { identifier: '/srv/shop/app/views/orders/show.html.erb' },
      'app/views/orders/show.html.erb:1',
    ],
    [
      'render_partial.action_view',
      { identifier: '/srv/shop/app/views/orders/_line.html.erb' },
      'app/views/orders/_line.html.erb:1',
    ],
    ['render_template.action_view', { identifier: 'inline template' }, ''],
    ['view render', { 'template.name': 'orders.list', 'template.engine': 'blade' }, 'resources/views/orders/list.blade.php:1'],
    ['Render orders/edit', {}, 'src/main/resources/templates/orders/edit.html:1'],
    ['Render orders/log.list', {}, 'src/main/resources/templates/orders/log.list.ftl:1'],
    ['jinja2.render', { 'jinja2.template_name': 'orders/mail.html' }, 'shop/templates/orders/mail.html:1'],
    ['jinja2.render', { 'jinja2.template_name': 'shop:templates/orders/mail.html' }, 'shop/templates/orders/mail.html:1'],
    ['jinja2.render', { 'jinja2.template_name': 'shop.web:templates/orders/mail.html' }, 'shop/templates/orders/mail.html:1'],
    ['jinja2.render', { 'jinja2.template_name': 'shop:emails/orders/mail.html' }, ''],
    // A package of the program's own, as it is installed; and another's.
    [
      'render_template.action_view',
      { identifier: '/usr/local/bundle/gems/shop_api-4.6.0/app/views/carts/show.json.jbuilder' },
      'api/app/views/carts/show.json.jbuilder:1',
    ],
    [
      'render_template.action_view',
      { identifier: '/usr/local/bundle/gems/shop_till-4.6.0/app/views/carts/show.json.jbuilder' },
      '',
    ],
    ['sinatra.render_template', { 'sinatra.template_name': 'home' }, 'views/home.pug:1'],
  ])('%s %j', async (name, attributes: Record<string, string>, place) => {
    expect(await placeOf({ name, attributes }, files)).toBe(place);
  });
});

describe('GraphQL', () => {
  it('asks for its first field', () => {
    expect(firstField('{ orders { id } }')).toEqual({ text: 'orders', parent: 'Query' });
    expect(firstField('query A { x } mutation Pay($in: In = {a: 1}) @auth { mine: pay(in: $in) { id } }', 'Pay')).toEqual({
      text: 'pay',
      parent: 'Mutation',
    });
    expect(firstField('query { __schema { types } }')).toBeUndefined();
  });

  const files = {
    'src/graphql/resolvers.ts': `export const resolvers = {
  Query: {
    order: async (parent, args) => {
    },
    orderLines(parent, args) {
    },
  },
  Mutation: {
    order: (parent, args) => {
    },
  },
};
`,
    'src/orders/lists.resolver.ts': `@Resolver('List')
export class ListsResolver {
  @Query()
  async lists() {}
}
@Resolver('Order')
export class OrderLists {
  @ResolveField()
  async lists() {}
}
`,
    'src/orders/orders.resolver.ts': `@Resolver()
export class OrdersResolver {
  @Query(() => [Cart])
  async carts() {}
}
`,
    'shop/schema.py': `class Query(graphene.ObjectType):
    def resolve_latest_order(self, info):
        pass
`,
    'src/mutations.ts': `const closeOrder = {
  type: OrderType,
  args: { id: { type: IdType } },
  async resolve(_, args) {
    return args.id;
  },
};
export default {
  closeOrder,
  openOrder: {
    type: OrderType,
    resolve: (_, args) => args.id,
  },
};
`,
    'app/graphql/types/query_type.rb': `module Types
  class QueryType < BaseObject
    field :open_orders, [OrderType]
    def open_orders
    end
  end
end
`,
    'graph/schema.resolvers.go': `package graph
func (r *queryResolver) Invoices(ctx context.Context) ([]*Invoice, error) {
}
func (r *mutationResolver) Invoices(ctx context.Context) ([]*Invoice, error) {
}
`,
    'web/orders.ts': 'const ORDERS = gql`\n  query OpenOrders {\n    openOrders { id }\n  }\n`;\n',
  };
  it.each([
    [
      'nodejs',
      { 'graphql.source': '{ order(id: "*") { id } }', 'graphql.operation.type': 'query' },
      'src/graphql/resolvers.ts:3',
    ],
    ['nodejs', { 'graphql.document': 'mutation { order { id } }' }, 'src/graphql/resolvers.ts:9'],
    [
      'nodejs',
      { 'graphql.field.name': 'orderLines', 'graphql.field.path': 'orderLines', 'graphql.operation.type': 'query' },
      'src/graphql/resolvers.ts:5',
    ],
    ['nodejs', { 'graphql.document': 'query { carts { id } }' }, 'src/orders/orders.resolver.ts:4'],
    ['python', { 'graphql.document': '{ latestOrder { id } }' }, 'shop/schema.py:2'],
    ['ruby', { 'graphql.field.name': 'openOrders', 'graphql.field.parent': 'Query' }, 'app/graphql/types/query_type.rb:4'],
    ['go', { 'graphql.document': 'query { invoices { id } }' }, 'graph/schema.resolvers.go:2'],
    ['webjs', { 'graphql.operation.name': 'OpenOrders' }, 'web/orders.ts:2'],
    ['nodejs', { 'graphql.field.name': 'lists', 'graphql.field.path': 'lists' }, 'src/orders/lists.resolver.ts:4'],
    ['nodejs', { 'graphql.field.name': 'closeOrder', 'graphql.field.path': 'closeOrder' }, 'src/mutations.ts:4'],
    ['nodejs', { 'graphql.field.name': 'openOrder', 'graphql.field.path': 'openOrder' }, 'src/mutations.ts:12'],
  ])('%s %j', async (language, attributes: Record<string, string>, place) => {
    expect(await placeOf({ name: 'query', language, attributes }, files)).toBe(place);
  });
});

it('a handler takes the method of the request around it, and `bin` is a folder as any other where nothing is compiled into it', async () => {
  const files = {
    'offices/bin/router.js': `const router = express.Router();
router.get('/nearest', (req, res) => {
});
router.post('/nearest', (req, res) => {
});
module.exports = router;
`,
    'offices/app.js': "app.use('/offices', require('./bin/router'));\n",
    'web/page.js': 'const path = { url: "/offices/nearest" };\n',
  };
  const attributes = { 'http.route': '/offices/nearest', 'express.type': 'request_handler' };
  const span = { name: 'request handler - /offices/nearest', kind: 1, language: 'nodejs', attributes };
  const request = around({ 'http.method': 'POST', 'http.route': '/offices/nearest' });
  expect(await placeIn(span, [request], files)).toMatch(/^offices\/bin\/router.js:4 0\.[789]/);
});

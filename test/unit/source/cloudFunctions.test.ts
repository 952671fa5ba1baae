// Functions in a cloud: from the name that a span says to the handler that settings, calls or annotations state.
import { describe, expect, it } from 'vitest';
import { hintsOf } from './support/memory';

describe('a function in a cloud', () => {
  const orders = { 'src/orders.ts': `import { a } from 'a';\n\nexport const create = async (event) => {\n};\n` };
  it.each<[string, string, Record<string, string>, Record<string, string>, string]>([
    [
      'Serverless',
      'shop-dev-createOrder',
      { 'faas.name': 'shop-dev-createOrder' },
      { ...orders, 'serverless.yml': `functions:\n  createOrder:\n    timeout: 3\n    handler: src/orders.create\n` },
      'src/orders.ts:3',
    ],
    [
      'SAM',
      'x',
      { 'aws.lambda.invoked_arn': 'arn:aws:lambda:eu-west-1:123456789012:function:shop-CreateOrderFunction-AB12CD34EF56' },
      {
        'template.yaml': `Resources:\n  CreateOrderFunction:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: orders.create\n`,
        'shop/orders.py': `def create(event, context):\n    pass\n`,
      },
      'shop/orders.py:1',
    ],
    [
      'Terraform',
      'create-order',
      { 'faas.trigger': 'http' },
      {
        ...orders,
        'main.tf': `resource "aws_lambda_function" "orders" {\n  role = "r"\n  function_name = "create-order"\n  handler = "src/orders.create"\n}\n`,
      },
      'src/orders.ts:3',
    ],
    [
      'the CDK',
      'x',
      { 'faas.name': 'CreateOrder' },
      {
        ...orders,
        'stack.ts': `const f = new NodejsFunction(this, 'CreateOrder', {\n  entry: path.join(__dirname, '../src/orders.ts'),\n  handler: 'create',\n});\n`,
      },
      'src/orders.ts:3',
    ],
    [
      'Azure, by an attribute',
      'CreateOrder',
      { 'faas.trigger': 'http' },
      {
        'A.cs': `public class Orders {\n  [Function("CreateOrder")]\n  public Task Run(HttpRequestData r) => x;\n}\n`,
      },
      'A.cs:3',
    ],
    [
      'Azure, by its folder',
      'x',
      { 'faas.name': 'shop/create-order' },
      {
        'create-order/function.json': `{ "scriptFile": "run.js" }\n`,
        'create-order/run.js': `\nmodule.exports = async function (context) {\n};\n`,
      },
      'create-order/run.js:2',
    ],
    [
      'Google',
      'x',
      { 'faas.name': 'createOrder' },
      { 'index.js': `\nfunctions.http('createOrder', (req, res) => {\n});\n` },
      'index.js:2',
    ],
    [
      'Firebase',
      'x',
      { 'faas.name': 'createOrder' },
      { 'index.js': `\nexports.createOrder = onRequest((req, res) => {\n});\n` },
      'index.js:2',
    ],
  ])('of %s', async (_, name, attributes, files, place) => {
    const { candidates } = await hintsOf({ name, kind: 2, attributes }, files);
    expect(candidates[0] && `${candidates[0].file.replace('file:///work/', '')}:${candidates[0].line + 1}`).toBe(place);
    expect(candidates[0].confidence).toBeGreaterThanOrEqual(0.5);
  });
});

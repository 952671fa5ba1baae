// Work that is registered in one place and done in another; senders that only who called tells apart.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';

const producer = 4;
const consumer = 5;

describe('what is registered for a queue', () => {
  const names = { 'queues.ts': `export enum Queues {\n  Bills = 'bill-queue',\n}\n` };
  const bills = { name: 'bill-queue process', kind: consumer, attributes: { 'messaging.destination.name': 'bill-queue' } };
  it.each<[string, Record<string, string>, string]>([
    [
      'a function of another file',
      {
        'app.ts': `import { payBill } from './pay';\nWorkers.register(\n  Queues.Bills,\n  payBill,\n  { concurrency: 2 },\n);\n`,
        'pay.ts': `export const payBill = async (job: Job) => {\n  pay(job);\n};\n`,
      },
      'pay.ts:1',
    ],
    [
      'a static method',
      {
        'app.ts': `import { Payer } from './payer';\nWorkers.register(Queues.Bills, Payer.payDueBills, {});\n`,
        'payer.ts': `export class Payer {\n  static async payDueBills() {\n    pay();\n  }\n}\n`,
      },
      'payer.ts:2',
    ],
    [
      'what a callback calls',
      {
        'app.ts': `import { payBill } from './pay';\nnew Worker(Queues.Bills, async (job) => payBill(job.data), {});\n`,
        'pay.ts': `export async function payBill(bill: Bill) {\n  pay(bill);\n}\n`,
      },
      'pay.ts:1',
    ],
    [
      'a function that takes its jobs',
      { 'pay.ts': `export const billProcessor = async (\n  job: Job<Jobs[Queues.Bills]>,\n) => {\n  pay(job);\n};\n` },
      'pay.ts:1',
    ],
  ])('%s', async (_, files, place) => {
    expect(await placeOf(bills, { ...names, ...files })).toBe(place);
  });

  it('is sent by a call of the queue, not by who takes its jobs', async () => {
    const files = {
      ...names,
      'pay.ts': `export const billProcessor = async (\n  job: Job<Jobs[Queues.Bills]>,\n) => {\n  pay(job);\n};\n`,
      'order.ts': `export async function order() {\n  await BillQueue.getInstance()?.add(\n    Queues.Bills,\n    { id },\n  );\n}\n`,
    };
    expect(await placeOf({ ...bills, name: 'bill-queue publish', kind: producer }, files)).toBe('order.ts:2');
  });

  it('of Go is what makes the function', async () => {
    const files = {
      'go.mod': 'module acme.com/shop\n',
      'names.go': 'package shop\n\nconst (\n\tBillQueue QueueName = "bill-queue"\n)\n',
      'cmd/worker.go':
        'package cmd\n\nimport "acme.com/shop/tasks"\n\nfunc run() {\n\tconsumer.RegisterHandlers(shop.BillQueue, tasks.ProcessBills(deps), nil)\n}\n',
      'tasks/bills.go': 'package tasks\n\nfunc ProcessBills(deps Deps) func(Task) error {\n\treturn nil\n}\n',
    };
    expect(await placeOf({ ...bills, language: 'go' }, files)).toBe('tasks/bills.go:3');
  });
});

describe('a job of Python', () => {
  const files = {
    'shop/tasks.py': '@app.task(name="shop.old.pay_bill")\ndef pay_bill_again(id):\n    pass\n',
    'shop/settings.py': 'QUEUE = "default"\n',
  };
  const attributes = { 'celery.task_name': 'shop.old.pay_bill', 'messaging.destination': 'default' };
  it('is found by the name that its mark gives it, and never by its queue', async () => {
    expect(
      shown(await hintsOf({ name: 'run/shop.old.pay_bill', kind: consumer, language: 'python', attributes }, files)),
    ).toEqual(['shop/tasks.py:2 0.76']);
  });
});

describe('places that fit equally', () => {
  it('are told apart by words of the spans around, and not surely', async () => {
    const files = {
      'invoice/models.py': 'def saved(x):\n    queue_up(send_mail, x)\n    dispatch(send_mail, x)\n',
      'product/models.py': 'def saved(x):\n    dispatch(send_mail, x)\n',
      'shop/mails.py': '@app.task\ndef send_mail(x):\n    pass\n',
    };
    const ancestors = [
      { name: 'POST ^products/(?P<id>\\d+)$', kind: 2, service: '', attributes: { 'http.route': '^products/(?P<id>\\d+)$' } },
    ];
    const asked = { name: 'apply_async/shop.mails.send_mail', kind: producer, language: 'python' };
    const family = { ancestors, before: [], children: [] };
    const attributes = { 'celery.task_name': 'shop.mails.send_mail' };
    expect(shown(await hintsOf({ ...asked, attributes, family } as never, files))[0]).toBe('product/models.py:2 0.48');
  });
});

describe('a constant that speaks of spans', () => {
  const files = {
    'names.go': 'package tracer\n\nconst (\n\tSpanBillsCreate = "bills.create"\n\tSpanBillsDrop   = "bills.drop"\n)\n',
    'bills.go': 'package bills\n\nfunc create() {\n\tctx, span := otel.Tracer(name).Start(ctx, tracer.SpanBillsCreate)\n}\n',
  };
  it('is followed to where a span begins', async () => {
    expect(await placeOf({ name: 'bills.create', language: 'go' }, files)).toBe('bills.go:3');
  });
  it('begins none itself', async () => {
    expect(shown(await hintsOf({ name: 'bills.drop', language: 'go' }, files))).toEqual(['names.go:5 0.45']);
  });
});

describe('a mail or a notification of Laravel', () => {
  const mail = {
    'app/Mail/Welcome.php':
      '<?php\nnamespace App\\Mail;\n\nclass Welcome extends Mailable\n{\n    public function build()\n    {\n    }\n}\n',
  };
  const asked = (name: string, kind: number) => ({
    name: kind === producer ? 'create queues:default' : 'process queues:default',
    kind,
    language: 'php',
    attributes: { 'messaging.message.job_name': name, 'messaging.destination.name': 'queues:default' },
  });
  it('does its work where it is built', async () => {
    expect(await placeOf(asked('App\\Mail\\Welcome', consumer), mail)).toBe('app/Mail/Welcome.php:6');
  });
  it.each<[string, string, string]>([
    ['App\\Mail\\Welcome', '        $mail = new Welcome($user);\n\n        Mail::to($user)->queue($mail);', 'app/Users.php:8'],
    ['App\\Notifications\\NearLimit', '        log(1);\n        $user->notify(new NearLimit);', 'app/Users.php:7'],
  ])('is handed over by name, or by what it is kept as: %s', async (name, text, place) => {
    const users = `<?php\nnamespace App;\nclass Users\n{\n    public function add($user) {\n${text}\n    }\n}\n`;
    expect(await placeOf(asked(name, producer), { ...mail, 'app/Users.php': users })).toBe(place);
  });
});

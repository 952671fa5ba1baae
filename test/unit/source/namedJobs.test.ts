// Jobs that are known by a name: what does the work, by a registry, a declaration or the function's dotted path.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf } from './support/memory';

describe('jobs by their names', () => {
  const worker = { 'worker.ts': `new Worker('mails', async (job) => jobs[job.name](job));\n` };
  const done = { 'messaging.destination.name': 'mails', 'bullmq.job.name': 'sendBill' };
  it.each<[string, number, Record<string, string>, Record<string, string>, string]>([
    [
      'a registry',
      5,
      done,
      {
        ...worker,
        'jobs/index.ts': `import { sendBillJob } from './send-bill';\n\nexport const jobs = {\n  sendBill: sendBillJob,\n};\n`,
        'jobs/send-bill.ts': `import { a } from 'a';\n\nexport async function sendBillJob(job) {\n}\n`,
      },
      'jobs/send-bill.ts:3',
    ],
    [
      'an object that declares it',
      5,
      done,
      {
        ...worker,
        'jobs/bill.ts': `export const bill = defineJob({\n  id: 'sendBill',\n  retries: 3,\n  run: async (job) => {\n  },\n});\n`,
      },
      'jobs/bill.ts:4',
    ],
    [
      'a declared handler that is imported',
      5,
      done,
      {
        ...worker,
        'jobs/bill.ts': `import { payBill } from './pay-bill';\nexport const bill = defineJob({\n  id: 'sendBill',\n  handler: payBill,\n});\n`,
        'jobs/pay-bill.ts': `\nexport const payBill = async (job) => {\n};\n`,
      },
      'jobs/pay-bill.ts:2',
    ],
    [
      'a constant',
      5,
      { 'job.name': 'send-bill' },
      {
        'names.ts': `export const JobName = {\n  sendBill: 'send-bill',\n};\n`,
        'run.ts': `export async function run(job) {\n  switch (job.name) {\n    case JobName.sendBill:\n      return deliverBill(job);\n  }\n}\n\nasync function deliverBill(job) {\n}\n`,
      },
      'run.ts:8',
    ],
    [
      'Inngest',
      1,
      { 'inngest.function.id': 'send-bill' },
      {
        'a.ts': `export const bill = inngest.createFunction(\n  { id: 'send-bill' },\n  { event: 'bill/paid' },\n  async ({ event }) => {\n  },\n);\n`,
      },
      'a.ts:4',
    ],
    [
      'RQ, done',
      5,
      { 'rq.job.function': 'shop.bills.send_bill' },
      {
        'shop/bills.py': `def send_bill(id):\n    pass\n`,
        'shop/views.py': `def view(r):\n    queue.enqueue(send_bill, r.id)\n`,
      },
      'shop/bills.py:1',
    ],
    [
      'RQ, handed over',
      4,
      { 'rq.job.function': 'shop.bills.send_bill' },
      {
        'shop/bills.py': `def send_bill(id):\n    pass\n`,
        'shop/views.py': `def view(r):\n    queue.enqueue(send_bill, r.id)\n`,
      },
      'shop/views.py:2',
    ],
    [
      'APScheduler',
      1,
      { 'apscheduler.job.func_ref': 'shop.bills:send_bill' },
      { 'shop/bills.py': `def send_bill(id):\n    pass\n` },
      'shop/bills.py:1',
    ],
    [
      'a runner of Spring',
      1,
      { 'spring.cloud.task.runner.bean-name': 'billRunner' },
      {
        'BillRunner.java': `class BillRunner implements ApplicationRunner {\n  @Override\n  public void run(ApplicationArguments a) {\n  }\n}\n`,
      },
      'BillRunner.java:3',
    ],
  ])('by %s', async (_, kind, attributes, files, place) => {
    expect(await placeOf({ name: 'x', kind, attributes }, files)).toBe(place);
  });

  it('are a guess in a test', async () => {
    const files = { 'test/bill.test.ts': `queue.process('sendBill', sendBill);\nfunction sendBill(job) {\n}\n` };
    const { candidates } = await hintsOf({ name: 'x', kind: 5, attributes: { 'job.name': 'sendBill' } }, files);
    expect(Math.max(0, ...candidates.map(({ confidence }) => confidence))).toBeLessThanOrEqual(0.4);
  });
});

it('of Active Job on Delayed Job is named by its class, and done by its method', async () => {
  const files = { 'bill_job.rb': 'class BillJob < ApplicationJob\n  queue_as :bills\n\n  def perform(id)\n  end\nend\n' };
  const attributes = {
    'messaging.system': 'delayed_job',
    'messaging.delayed_job.name': 'BillJob',
    'messaging.destination': 'bills',
  };
  expect(await placeOf({ name: 'bills process', kind: 5, attributes }, files)).toBe('bill_job.rb:4');
});

it('of Trigger.dev is the task that is exported, told on the spans of the task and of what it does', async () => {
  const files = {
    'trigger/bills.ts':
      "export const sendBills = task({\n  id: 'send-bills',\n  run: async (payload) => {\n    await fetch(url);\n  },\n});\n",
  };
  const attributes = { 'ctx.task.id': 'send-bills', 'ctx.task.exportName': 'sendBills' };
  expect(await placeOf({ name: 'Attempt 1', kind: 1, language: 'nodejs', attributes }, files)).toBe('trigger/bills.ts:1');
  expect(await placeOf({ name: 'prisma:engine', kind: 1, language: 'nodejs', attributes }, files)).toBe('');
});

it('of a queue that writes what is done before the function', async () => {
  const files = {
    'harbour/tasks.py': 'def other():\n    pass\n\n\ndef count_berths(harbour):\n    pass\n',
    'harbour/views.py':
      'from harbour.tasks import count_berths\n\n\ndef refresh(request):\n    async_task(count_berths, request.harbour)\n',
  };
  const span = (name: string, kind: number) => ({
    name,
    kind,
    language: 'python',
    attributes: { 'messaging.system': 'jetty_q' },
  });
  expect(await placeOf(span('run/harbour.tasks.count_berths', 5), files)).toBe('harbour/tasks.py:5');
  expect(await placeOf(span('async_task/harbour.tasks.count_berths', 4), files)).toBe('harbour/views.py:5');
});

it.each([
  [
    'what binds it before',
    'from .tasks import note_bill, pay_bill\n\ndef view(r):\n    r.task(note_bill).delay(1)\n    r.task(pay_bill).delay(1)\n',
    5,
  ],
  ['a signature', 'def view(r):\n    later = app.signature("shop.tasks.pay_bill", args=[1])\n    later.freeze()\n', 2],
])('a task is given to %s', async (_, text, line) => {
  const files = { 'shop/tasks.py': '@shared_task\ndef pay_bill(id):\n    pass\n', 'shop/views.py': text };
  const attributes = { 'celery.task_name': 'shop.tasks.pay_bill' };
  const span = { name: 'apply_async/shop.tasks.pay_bill', kind: 4, attributes, language: 'python' };
  expect(await placeOf(span, files)).toBe(`shop/views.py:${line}`);
});

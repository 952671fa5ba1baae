// Topics, jobs and methods of remote services: the line on the side of the span, who sends or who does the work.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf } from './support/memory';

const client = 3;

describe('messages', () => {
  const producer = 4;
  const consumer = 5;
  const topic = (name: string, kind: number, language?: string) => ({
    name: `${name} x`,
    kind,
    language,
    attributes: { 'messaging.destination.name': name },
  });
  it.each<[string, number, string, Record<string, string>, string]>([
    [
      'KafkaTemplate',
      producer,
      'bills.paid',
      {
        'A.java': `class A {\n  void f() {\n    kafkaTemplate.send("bills.paid", bill);\n  }\n  @KafkaListener(topics = "bills.paid")\n  public void on(Bill bill) {\n  }\n}\n`,
      },
      'A.java:3',
    ],
    [
      '@KafkaListener',
      consumer,
      'bills.paid',
      {
        'A.java': `class A {\n  void f() {\n    kafkaTemplate.send("bills.paid", bill);\n  }\n  @KafkaListener(topics = "bills.paid")\n  public void on(Bill bill) {\n  }\n}\n`,
      },
      'A.java:6',
    ],
    [
      'a setting',
      consumer,
      'bills.paid',
      {
        'src/main/resources/application.yml': `bills:\n  topics:\n    paid: bills.paid\n`,
        'A.java': `class A {\n  @RabbitListener(queues = "\${bills.topics.paid}")\n  void on(Bill bill) {\n  }\n}\n`,
      },
      'A.java:3',
    ],
    [
      'a constant of another file',
      producer,
      'bills.paid',
      {
        'Topics.kt': `object Topics {\n  const val BILLS_PAID = "bills.paid"\n}\n`,
        'A.kt': `class A {\n  fun f() {\n    template.convertAndSend(Topics.BILLS_PAID, bill)\n  }\n}\n`,
      },
      'A.kt:3',
    ],
    [
      'a queue of BullMQ',
      producer,
      'mails',
      {
        'a.ts': `const mails = new Queue('mails', { connection });\nexport async function welcome(user: User) {\n  await mails.add('welcome', { user });\n}\n`,
        'b.ts': `new Worker('mails', async (job) => send(job));\n`,
      },
      'a.ts:3',
    ],
    [
      'a worker of BullMQ',
      consumer,
      'mails',
      {
        'a.ts': `const mails = new Queue('mails', { connection });\nawait mails.add('welcome', { user });\n`,
        'b.ts': `new Worker('mails', async (job) => send(job));\n`,
      },
      'b.ts:1',
    ],
    [
      'an injected queue',
      producer,
      'MAILS',
      {
        'q.ts': `export const MAIL_QUEUE = 'MAILS';\n`,
        'a.ts': `class A {\n  constructor(\n    @InjectQueue(MAIL_QUEUE)\n    private readonly mails: Queue,\n  ) {}\n  welcome() {\n    return this.mails.add('welcome', {});\n  }\n}\n`,
      },
      'a.ts:7',
    ],
    [
      'a processor of Nest',
      consumer,
      'MAILS',
      {
        'q.ts': `export const MAIL_QUEUE = 'MAILS';\n`,
        'a.ts': `@Processor(MAIL_QUEUE)\nexport class MailProcessor extends WorkerHost {\n  async process(job: Job) {\n  }\n}\n`,
      },
      'a.ts:3',
    ],
    [
      '@EventPattern',
      consumer,
      'bill_paid',
      {
        'a.ts': `class A {\n  @EventPattern('bill_paid')\n  async paid(@Payload() bill: Bill) {}\n  emit() { this.client.emit('bill_paid', x); }\n}\n`,
      },
      'a.ts:3',
    ],
    [
      'amqplib',
      consumer,
      'bills',
      {
        'a.js': `await channel.assertQueue('bills');\nchannel.sendToQueue('bills', b);\nchannel.consume('bills', onBill);\nfunction onBill(message) {\n}\n`,
      },
      'a.js:4',
    ],
    [
      'pika',
      producer,
      'bills',
      {
        'a.py': `def f(ch):\n    ch.queue_declare(queue="bills")\n    ch.basic_publish(exchange="", routing_key="bills", body=b)\n    ch.basic_consume(queue="bills", on_message_callback=g)\n`,
      },
      'a.py:3',
    ],
    [
      'kafka-go',
      producer,
      'bills',
      {
        'a.go': `package a\n\nfunc f() {\n\tw := &kafka.Writer{\n\t\tTopic: "bills",\n\t}\n\terr := w.WriteMessages(ctx, m)\n}\n`,
      },
      'a.go:7',
    ],
    [
      'Dapr',
      consumer,
      'bills',
      { 'a.cs': `class A {\n  [Topic("pubsub", "bills")]\n  [HttpPost("paid")]\n  public Task Paid(Bill bill) => x;\n}\n` },
      'a.cs:4',
    ],
    [
      'a constant of an enum with getters',
      producer,
      'bills.direct',
      {
        'QueueKind.java': `public enum QueueKind {\n  PAID("bills.direct", "bills.paid"),\n  LATE("late.direct", "bills.late");\n  private final String exchange;\n  QueueKind(String exchange, String name) {\n    this.exchange = exchange;\n  }\n}\n`,
        'Sender.java': `class Sender {\n  void send(Bill bill) {\n    template.convertAndSend(QueueKind.PAID.getExchange(), bill);\n  }\n  void late(Bill bill) {\n    template.convertAndSend(QueueKind.LATE.getExchange(), bill);\n  }\n}\n`,
      },
      'Sender.java:3',
    ],
    [
      'an object of names',
      producer,
      'paid',
      {
        'queues.ts': `export const QUEUES = {\n  paid: 'paid',\n  late: 'late',\n};\n`,
        'send.ts': `export async function send(b) {\n  await channel.sendToQueue(QUEUES.late, b);\n  await channel.sendToQueue(QUEUES.paid, b);\n}\n`,
      },
      'send.ts:3',
    ],
    [
      'a static field',
      consumer,
      'paid',
      {
        'topics.ts': `export class Topics {\n  static readonly paid = 'paid';\n}\n`,
        'on.ts': `class A {\n  @EventPattern(Topics.paid)\n  async onPaid(bill: Bill) {}\n}\n`,
      },
      'on.ts:3',
    ],
    [
      'a bean of the queue',
      consumer,
      'bills.paid',
      {
        'Names.java': `public class Names {\n  public static final String PAID = "bills.paid";\n}\n`,
        'Config.java': `class Config {\n  @Bean\n  Queue paidQueue() {\n    return new Queue(Names.PAID);\n  }\n}\n`,
        'Listener.java': `class Listener {\n  @RabbitListener(queues = "#{paidQueue.name}")\n  void paid(Bill bill) {\n  }\n}\n`,
      },
      'Listener.java:3',
    ],
  ])('by %s', async (_, kind, name, files, place) => {
    expect(await placeOf(topic(name, kind), files)).toBe(place);
  });
});

it('is a guess where only a constant has the name', async () => {
  const files = { 'K.java': `public enum K {\n  QUEUE_PAID("bills.direct", "bills.paid");\n}\n` };
  const span = { name: 'x', kind: 4, attributes: { 'messaging.destination.name': 'bills.direct' } };
  expect((await hintsOf(span, files)).candidates[0].confidence).toBeLessThan(0.5);
});

describe('jobs', () => {
  const producer = 4;
  const consumer = 5;
  it.each<[string, number, string, Record<string, string>, Record<string, string>, string]>([
    [
      'Sidekiq, handed over',
      producer,
      'BillJob publish',
      { 'messaging.sidekiq.job_class': 'BillJob' },
      {
        'bill_job.rb': `class BillJob\n  include Sidekiq::Job\n  def perform(id)\n  end\nend\n`,
        'bill.rb': `class Bill\n  def pay\n    BillJob.set(queue: :low).perform_async(id)\n  end\nend\n`,
      },
      'bill.rb:3',
    ],
    [
      'Sidekiq, done',
      consumer,
      'BillJob process',
      { 'messaging.sidekiq.job_class': 'BillJob' },
      {
        'bill_job.rb': `class BillJob\n  include Sidekiq::Job\n  def perform(id)\n  end\nend\n`,
        'bill.rb': `BillJob.perform_async(id)\n`,
      },
      'bill_job.rb:3',
    ],
    [
      'ActiveJob',
      producer,
      'default publish',
      { 'messaging.system': 'active_job', 'code.namespace': 'BillJob' },
      {
        'bill_job.rb': `class BillJob < ApplicationJob\n  def perform(id)\n  end\nend\n`,
        'bill.rb': `BillJob.perform_later(id)\n`,
      },
      'bill.rb:1',
    ],
    [
      'Celery, handed over',
      producer,
      'apply_async/shop.tasks.pay_bill',
      { 'celery.task_name': 'shop.tasks.pay_bill' },
      {
        'shop/tasks.py': `@shared_task\ndef pay_bill(id):\n    pass\n`,
        'shop/views.py': `from .tasks import pay_bill\n\ndef view(r):\n    pay_bill.delay(r.id)\n`,
      },
      'shop/views.py:4',
    ],
    [
      'Celery, done',
      consumer,
      'run/shop.tasks.pay_bill',
      { 'celery.task_name': 'shop.tasks.pay_bill' },
      {
        'shop/tasks.py': `@shared_task\ndef pay_bill(id):\n    pass\n`,
        'shop/views.py': `def view(r):\n    pay_bill.delay(r.id)\n`,
      },
      'shop/tasks.py:2',
    ],
    [
      'Laravel, handed over',
      producer,
      'default publish',
      { 'messaging.message.job_name': 'App\\Jobs\\PayBill' },
      {
        'app/Jobs/PayBill.php': `<?php\nnamespace App\\Jobs;\nclass PayBill implements ShouldQueue {\n    public function handle(): void {\n    }\n}\n`,
        'app/Bills.php': `<?php\nuse App\\Jobs\\PayBill;\nclass Bills {\n  function pay($b) {\n    dispatch(new PayBill($b));\n  }\n}\n`,
      },
      'app/Bills.php:5',
    ],
    [
      'Laravel, done',
      consumer,
      'default process',
      { 'messaging.message.job_name': 'App\\Jobs\\PayBill' },
      {
        'app/Jobs/PayBill.php': `<?php\nnamespace App\\Jobs;\nclass PayBill implements ShouldQueue {\n    public function handle(): void {\n    }\n}\n`,
      },
      'app/Jobs/PayBill.php:4',
    ],
    [
      'Hangfire',
      1,
      'JOB BillJob.Run',
      { 'job.id': '7' },
      {
        'BillJob.cs': `namespace Shop;\npublic class BillJob {\n  public Task Run(int id) => x;\n}\n`,
        'A.cs': `BackgroundJob.Enqueue<BillJob>(j => j.Run(1));\n`,
      },
      'BillJob.cs:3',
    ],
    [
      'Quartz of .NET',
      1,
      'execute DEFAULT.bill',
      { 'job.type': 'Shop.BillJob' },
      {
        'BillJob.cs': `namespace Shop;\npublic class BillJob : IJob {\n  public Task Execute(IJobExecutionContext c) => x;\n}\n`,
      },
      'BillJob.cs:3',
    ],
    [
      '@Scheduled',
      1,
      'BillJobs.collect',
      { 'code.function.name': 'shop.BillJobs.collect' },
      { 'BillJobs.java': `package shop;\nclass BillJobs {\n  @Scheduled(cron = "0 0 * * * *")\n  void collect() {\n  }\n}\n` },
      'BillJobs.java:4',
    ],
    [
      'a console of Laravel',
      1,
      'Command bills:pay',
      {},
      {
        'app/PayBills.php': `<?php\nclass PayBills extends Command {\n    protected $signature = 'bills:pay {--all}';\n    public function handle(): int {\n    }\n}\n`,
      },
      'app/PayBills.php:4',
    ],
    [
      'Temporal',
      consumer,
      'RunActivity:ChargeBill',
      {},
      {
        'a.go': `package a\n\nfunc ChargeBill(ctx context.Context) error {\n\treturn nil\n}\n\nfunc w() { workflow.ExecuteActivity(ctx, ChargeBill) }\n`,
      },
      'a.go:3',
    ],
    [
      'a command of Django',
      1,
      'manage.py pay_bills',
      {},
      {
        'shop/management/commands/pay_bills.py':
          'class Command(BaseCommand):\n    def handle(self, *args, **options):\n        pass\n',
      },
      'shop/management/commands/pay_bills.py:2',
    ],
    [
      'a task of Rake',
      1,
      'rake.execute',
      { 'rake.task': 'bills:pay_all' },
      { 'lib/tasks/bills.rake': 'namespace :bills do\n  task pay_all: :environment do\n  end\nend\n' },
      'lib/tasks/bills.rake:2',
    ],
  ])('of %s', async (_, kind, name, attributes, files, place) => {
    const scope = name.startsWith('Command') ? 'io.opentelemetry.contrib.php.laravel' : undefined;
    expect(await placeOf({ name, kind, attributes, scope }, files)).toBe(place);
  });
});

describe('a method of a remote service', () => {
  const server = 2;
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': 'shop.BillService', 'rpc.method': 'PayBill' };
  it.each<[string, Record<string, string>, string, string]>([
    [
      'Go',
      {
        'a.go': `package a\n\nfunc f() {\n\tr, err := billClient.PayBill(ctx, &pb.PayBillRequest{})\n}\n`,
        'b.go': `package b\n\nfunc (s *billServer) PayBill(ctx context.Context, r *pb.PayBillRequest) (*pb.Bill, error) {\n}\n`,
      },
      'a.go:4',
      'b.go:3',
    ],
    [
      'Java',
      {
        'A.java': `class A {\n  void f() {\n    Bill b = billServiceStub.payBill(request);\n  }\n}\n`,
        'BillServiceImpl.java': `class BillServiceImpl extends BillServiceGrpc.BillServiceImplBase {\n  @Override\n  public void payBill(PayBillRequest r, StreamObserver<Bill> o) {\n  }\n}\n`,
      },
      'A.java:3',
      'BillServiceImpl.java:3',
    ],
    [
      'Python',
      {
        'a.py': `def f(stub):\n    return stub.PayBill(bill_pb2.PayBillRequest())\n`,
        'b.py': `class BillService(bill_pb2_grpc.BillServiceServicer):\n    def PayBill(self, request, context):\n        pass\n`,
      },
      'a.py:2',
      'b.py:2',
    ],
    [
      'C#',
      {
        'A.cs': `class A {\n  async Task F() {\n    var b = await _client.PayBillAsync(new PayBillRequest());\n  }\n}\n`,
        'B.cs': `public class BillService : Bills.BillServiceBase {\n  public override Task<Bill> PayBill(PayBillRequest r, ServerCallContext c) {\n  }\n}\n`,
      },
      'A.cs:3',
      'B.cs:2',
    ],
    ['Ruby', { 'a.rb': `class A\n  def f\n    stub.pay_bill(PayBillRequest.new)\n  end\nend\n` }, 'a.rb:3', ''],
    ['Rust', { 'a.rs': `async fn f() {\n    let r = client.pay_bill(request).await?;\n}\n` }, 'a.rs:2', ''],
  ])('in %s: its caller and its implementation', async (_, files, caller, implementation) => {
    expect(await placeOf({ name: 'shop.BillService/PayBill', kind: client, attributes }, files)).toBe(caller);
    if (implementation !== '')
      expect(await placeOf({ name: 'shop.BillService/PayBill', kind: server, attributes }, files)).toBe(implementation);
  });

  it('of a cloud is called by a command or a method', async () => {
    const aws = { 'rpc.system': 'aws-api', 'rpc.service': 'S3', 'rpc.method': 'PutObject' };
    const js = { 'a.ts': `await s3.send(new PutObjectCommand({ Bucket }));\n` };
    expect(await placeOf({ name: 'S3.PutObject', kind: client, attributes: aws }, js)).toBe('a.ts:1');
    expect(
      await placeOf({ name: 'S3.PutObject', kind: client, attributes: aws }, { 'a.py': `s3_client.put_object(Bucket=b)\n` }),
    ).toBe('a.py:1');
  });
});

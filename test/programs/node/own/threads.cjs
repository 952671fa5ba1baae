// Threads, children and an exit code.
const { fork } = require('node:child_process');
const { Worker } = require('node:worker_threads');

if (process.env.CHILD) {
  process.send('from the child');
  process.disconnect();
} else {
  const worker = new Worker('require("node:http").get({ port: 1 }).on("error", () => process.exit(3))', { eval: true });
  worker.on('exit', (code) => {
    console.log('the thread', code);
    const child = fork(__filename, { env: { ...process.env, CHILD: '1' } });
    child.on('message', (message) => console.log(message));
    child.on('exit', (ended) => {
      console.log('the child', ended);
      process.exitCode = 7;
    });
  });
}

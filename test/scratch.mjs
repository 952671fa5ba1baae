import { openWorkbench } from './vscode/workbench.mjs';

const window = await openWorkbench({ workspace: '/tmp/lw', settings: { 'spanhop.capture.wellKnownPort': false } });
await window.host(({ vscode, memory }) => {
  memory.log = [];
  vscode.debug.registerDebugAdapterTrackerFactory('*', {
    createDebugAdapterTracker: (s) => ({
      onWillReceiveMessage: (m) => memory.log.push(['>', s.name, m.command, JSON.stringify(m.arguments ?? {}).slice(0, 120)]),
      onDidSendMessage: (m) =>
        m.type === 'event' && memory.log.push(['<', s.name, m.event, JSON.stringify(m.body ?? {}).slice(0, 160)]),
      onExit: (code, signal) => memory.log.push(['exit', s.name, code, signal]),
      onWillStopSession: () => memory.log.push(['willstop', s.name]),
    }),
  });
  vscode.debug.onDidTerminateDebugSession((s) => memory.log.push(['terminated', s.name]));
  return true;
});
for (const [program, noDebug, stop] of [
  ['crash.js', false],
  ['crash.js', true],
  ['run.js', false, true],
]) {
  await window.host(
    ({ vscode, memory }, g) => {
      memory.log.push(['----', g.program, g.noDebug]);
      void vscode.debug.startDebugging(
        vscode.workspace.workspaceFolders[0],
        { type: 'node', request: 'launch', name: 'X', program: '/tmp/lw/' + g.program },
        { noDebug: g.noDebug },
      );
      return true;
    },
    { program, noDebug: noDebug ?? false },
  );
  await new Promise((r) => setTimeout(r, 3500));
  if (stop) {
    await window.host(({ vscode }) => {
      void vscode.commands.executeCommand('workbench.action.debug.stop');
      return true;
    });
    await new Promise((r) => setTimeout(r, 2000));
  }
}
const log = await window.host(({ memory }) => JSON.stringify(memory.log));
for (const line of JSON.parse(log))
  if (!['loadedSource', 'setBreakpoints', 'setExceptionBreakpoints', 'module'].includes(line[2])) console.log(line.join(' | '));
await window.close();

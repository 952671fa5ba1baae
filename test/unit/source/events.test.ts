// Events of sockets: who listens, and who sends.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

describe('an event of Socket.IO', () => {
  const event = (name: string, kind: number) => ({
    name: `${name} x`,
    kind,
    scope: '@opentelemetry/instrumentation-socket.io',
    attributes: { 'messaging.system': 'socket.io', 'messaging.destination': '/', 'messaging.socket.io.event_name': name },
  });
  const files = {
    'server/sockets.js': `class Sockets {
  start(io) {
    io.on('connection', (socket) => {
      socket.on('seat_taken', (payload) => this.onSeat(socket, payload))
      socket.on('set_level', (level) => {
        this.level = level
      })
    })
  }
  tell(user) {
    this.io.to(user).emit('seat_sold', { user })
  }
  async onSeat(socket, payload) {
    return true
  }
}
`,
    'client/store.js': `export function init(socket) {
  socket.emit('seat_taken', {})
  socket.on('seat_sold', (data) => {})
}
`,
    'server/chat.gateway.ts': `@WebSocketGateway()
export class ChatGateway {
  @SubscribeMessage('chat_line')
  async handleLine(@MessageBody() line: string) {
    return line;
  }
}
`,
  };
  it.each([
    ['seat_taken', 5, 'server/sockets.js:13'],
    ['set_level', 5, 'server/sockets.js:5'],
    ['chat_line', 5, 'server/chat.gateway.ts:4'],
    ['seat_sold', 4, 'server/sockets.js:11'],
  ])('%s, kind %i', async (name, kind, place) => {
    expect(await placeOf(event(name, kind), files)).toBe(place);
  });
});

it('a topic that is a common word is found between quotes, however often the word stands', async () => {
  const words = `${Array(2_400).fill('const event = readEvent(event);').join('\n')}\n`;
  const files = {
    'src/a.ts': words,
    'src/b.ts': "export async function save(rows) {\n  await kafka.sendMessage('event', rows);\n}\n",
  };
  const attributes = { 'messaging.system': 'kafka', 'messaging.destination.name': 'event' };
  expect(await placeOf({ name: 'send event', kind: 4, attributes }, files)).toBe('src/b.ts:2');
});

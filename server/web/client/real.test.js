// The client against the real server: see testing/real.js. Node 20 has a WebSocket only when it is asked for one, so
// there this file runs once more, as itself, with that flag; it ends when this process does.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (globalThis.WebSocket) {
  process.channel?.unref();
  process.on('disconnect', () => process.exit(1));
  await import('./testing/real.js');
} else {
  const again = ['--experimental-websocket', '--no-warnings', fileURLToPath(import.meta.url)];
  spawn(process.execPath, again, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }).on('exit', (code) => { process.exitCode = code ?? 1; });
}

// The real server for a test: built, started with a database of its own, and gone when this process is.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const module = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * Runs the program and ends it when its own standard input does, which the death of this process brings about, however
 * it dies. The watcher may not hold the program's output open: its end tells that the program has ended.
 */
const KEEPER = `exec 3<&0; "$@" & program=$!
{ cat <&3; kill -TERM $program; } >/dev/null 2>&1 &
wait $program`;

/** @returns {Promise<{url: string, stop: () => Promise<void>}|{missing: string}>} `missing`: what this machine lacks for it */
export async function startServer() {
  const dir = await mkdtemp(join(tmpdir(), 'recall-client-'));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    await chmod(dir, 0o711); // Postgres runs as another user where this is root's
    const bin = join(dir, 'recall');
    await promisify(execFile)('go', ['build', '-o', bin, './server'], { cwd: module });
    return await run(bin, dir, remove);
  } catch (err) {
    await remove();
    if (err.code === 'ENOENT') return { missing: 'Go is not installed' };
    if (/PostgreSQL is not installed/.test(err.message)) return { missing: 'Postgres is not installed' };
    throw err;
  }
}

async function run(bin, dir, remove) {
  const { PATH, HOME } = process.env; // none of the settings that the one who tests may have
  const child = spawn('sh', ['-c', KEEPER, 'sh', bin, '--data-dir', join(dir, 'data'), '--listen', '127.0.0.1:0', '--log-format', 'json'], { env: { PATH, HOME } });
  const ended = once(child, 'close');
  let said = '';
  child.stderr.on('data', (piece) => { said += piece; });
  const stop = async () => {
    child.stdin.end();
    await ended;
    await remove();
  };
  for await (const line of createInterface(child.stdout)) {
    const url = line.match(/ready: (http:\S+)/)?.[1];
    if (url) return { url, stop };
  }
  await ended;
  throw new Error(`the server did not start: ${said}`);
}

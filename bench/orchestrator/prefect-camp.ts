import { join } from 'node:path';
import { freePort } from '../../infra/free-port.js';
import type { Camp, Contender } from './contender.js';
import type { ProcessGroup } from './process-group.js';
import { startProcessGroup } from './process-group.js';
import { PEERS, peerEnv, startPythonDriver } from './python-driver.js';
import { pythonEnvironment } from './python-environment.js';
import { whenServed } from './when-served.js';

/** Prefect with a server of its own on SQLite; its flows called in a process that is up, or deployed and served. */
export const prefectCamp: Camp = {
  names: { prefect: 'Prefect, flow called', 'prefect-deployed': 'Prefect, deployment' },
  start: async (wanted, place) => {
    const python = await pythonEnvironment(join(PEERS, 'requirements-prefect.txt'), place);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/api`;
    const env = peerEnv(place, {
      PREFECT_HOME: join(place.scratch, 'prefect'),
      PREFECT_API_URL: url,
      PREFECT_LOGGING_LEVEL: 'ERROR',
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
    });
    const groups: ProcessGroup[] = [];
    const close = async (): Promise<void> => {
      for (const group of groups.toReversed()) await group.close();
    };
    const background = async (name: string, args: readonly string[]): Promise<ProcessGroup> => {
      const logFile = join(place.home, 'logs', `${name}.log`);
      const group = await startProcessGroup({ command: python, args, env, logFile });
      groups.push(group);
      return group;
    };
    const contender = async (key: string, way: string, helpers: readonly ProcessGroup[]): Promise<Contender> => {
      const driver = await startPythonDriver(python, ['prefect_driver.py', way], env, place);
      groups.push(driver.group);
      const all = [...helpers, driver.group];
      return {
        key,
        peer: true,
        run: driver.tell,
        pause: () => all.forEach((group) => group.pause()),
        resume: () => all.forEach((group) => group.resume()),
      };
    };
    try {
      const serving = ['-m', 'prefect', 'server', 'start', '--host=127.0.0.1', `--port=${port}`, '--no-ui'];
      const server = await background('prefect-server', serving);
      await whenServed(`${url}/health`, server);
      const contenders: Contender[] = [];
      if (wanted.has('prefect')) contenders.push(await contender('prefect', 'called', [server]));
      if (wanted.has('prefect-deployed')) {
        const runner = await background('prefect-serve', [join(PEERS, 'prefect_serve.py')]);
        for (const flow of ['chain', 'fan-out']) await whenServed(`${url}/deployments/name/${flow}/bench`, runner);
        contenders.push(await contender('prefect-deployed', 'deployed', [server, runner]));
      }
      return { contenders, close };
    } catch (error) {
      await close();
      throw error;
    }
  },
};

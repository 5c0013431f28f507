import { delimiter, dirname, join } from 'node:path';
import { runCommand } from '../../infra/run-command.js';
import { freePort } from '../../infra/free-port.js';
import { connectAirflow } from './airflow-api.js';
import type { Camp, Contender, Place } from './contender.js';
import type { ProcessGroup } from './process-group.js';
import { startProcessGroup } from './process-group.js';
import { PEERS, peerEnv, startPythonDriver } from './python-driver.js';
import { pythonEnvironment } from './python-environment.js';

const MIGRATION_TIMEOUT_MS = 300_000;

/** Airflow on SQLite; `dag.test()` in a process that is up, or `airflow standalone` with its scheduler and LocalExecutor. */
export const airflowCamp: Camp = {
  names: { 'airflow-test': 'Airflow, dag.test()', airflow: 'Airflow, LocalExecutor' },
  start: async (wanted, place) => {
    const python = await pythonEnvironment(join(PEERS, 'requirements-airflow.txt'), place);
    const groups: ProcessGroup[] = [];
    const contenders: Contender[] = [];
    const close = async (): Promise<void> => {
      for (const group of groups.toReversed()) await group.close();
    };
    try {
      if (wanted.has('airflow-test')) {
        const env = airflowEnv(place, python, 'airflow-test', {});
        await runCommand(python, ['-m', 'airflow', 'db', 'migrate'], { env, timeoutMs: MIGRATION_TIMEOUT_MS });
        const { tell, group } = await startPythonDriver(python, ['airflow_driver.py'], env, place);
        groups.push(group);
        contenders.push({ key: 'airflow-test', peer: true, run: tell, pause: group.pause, resume: group.resume });
      }
      if (wanted.has('airflow')) {
        const { group, url } = await startStandalone(python, place);
        groups.push(group);
        const { run } = await connectAirflow(url, group);
        contenders.push({ key: 'airflow', peer: true, run, pause: group.pause, resume: group.resume });
      }
      return { contenders, close };
    } catch (error) {
      await close();
      throw error;
    }
  },
};

async function startStandalone(python: string, place: Place): Promise<{ group: ProcessGroup; url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = airflowEnv(place, python, 'airflow', {
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url}/execution/`,
    // Whoever asks may trigger a run.
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
    AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: String(await freePort()),
    AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT: String(await freePort()),
  });
  const logFile = join(place.home, 'logs', 'airflow-standalone.log');
  const args = ['-m', 'airflow', 'standalone'];
  return { group: await startProcessGroup({ command: python, args, env, logFile }), url };
}

const airflowEnv = (place: Place, python: string, home: string, own: { readonly [name: string]: string }) =>
  peerEnv(place, {
    // `standalone` starts its parts by the command's name.
    PATH: [dirname(python), process.env['PATH']].join(delimiter),
    AIRFLOW_HOME: join(place.scratch, home),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_FOLDER: join(PEERS, 'airflow_dags'),
    ...own,
  });

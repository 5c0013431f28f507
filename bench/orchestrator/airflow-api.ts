import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Contender } from './contender.js';
import type { ProcessGroup } from './process-group.js';
import { whenServed } from './when-served.js';
import { WORKLOADS } from './workload.js';

/** How often the state of a run is asked for: seldom enough not to keep the server busy. */
const POLL_MS = 200;

const token = z.object({ access_token: z.string() });
const dagRun = z.object({ dag_run_id: z.string(), state: z.string() });

/** Waits until the server knows the DAGs, and triggers their runs from then on. */
export async function connectAirflow(url: string, server: ProcessGroup): Promise<Pick<Contender, 'run'>> {
  await whenServed(`${url}/api/v2/version`, server);
  const { access_token } = token.parse(await json(`${url}/auth/token`));
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
  for (const workload of WORKLOADS) await whenServed(`${url}/api/v2/dags/${workload}/details`, server, headers);
  return {
    run: async (workload) => {
      const runs = `${url}/api/v2/dags/${workload}/dagRuns`;
      const body = JSON.stringify({ logical_date: null });
      let { dag_run_id: id, state } = dagRun.parse(await json(runs, { method: 'POST', headers, body }));
      while (state !== 'success') {
        if (state === 'failed') throw new Error(`Airflow's run ${id} of ${workload} failed`);
        await sleep(POLL_MS);
        ({ state } = dagRun.parse(await json(`${runs}/${encodeURIComponent(id)}`, { headers })));
      }
    },
  };
}

async function json(url: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${url} gave ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

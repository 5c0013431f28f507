import { resolve } from 'node:path';
import type { Place } from '../orchestrator/contender.js';
import { pythonEnvironment } from '../orchestrator/python-environment.js';

/** The peers' scripts, which are run where they lie, beside ours of the same names. */
export const SCRIPTS = resolve('bench', 'kernels');

export const REQUIREMENTS = resolve(SCRIPTS, 'requirements-kernels.txt');

/** The Python of all peers. */
export const peersPython = async (place: Place): Promise<string> => pythonEnvironment(REQUIREMENTS, place);

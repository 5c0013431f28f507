export interface Source {
  readonly name: string;
  /** The path of a working program, or `undefined` where this source has none. */
  readonly find: () => Promise<string | undefined>;
}

/** Asks the sources in turn. When none has the program, throws one error with what each said and the remedy. */
export async function firstThatWorks(program: string, sources: readonly Source[], remedy: string): Promise<string> {
  const tried: string[] = [];
  for (const { name, find } of sources) {
    try {
      const path = await find();
      if (path !== undefined) return path;
      tried.push(`  - ${name}: not found`);
    } catch (error) {
      tried.push(`  - ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`Found no ${program}. Tried:\n${tried.join('\n')}\n${remedy}`);
}

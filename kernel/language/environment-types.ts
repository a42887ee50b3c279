/**
 * Declares the environment variables that there are by name, for completion after `process.env.`.
 * @param environment that of the kernel, which the cells inherit.
 */
export function environmentTypes(environment: NodeJS.ProcessEnv): string {
  const names = Object.keys(environment).map((name) => `${JSON.stringify(name)}?: string;`);
  return `declare namespace NodeJS { interface ProcessEnv { ${names.join(" ")} } }\n`;
}

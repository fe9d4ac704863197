/** One value or several for each parameter; an absent one is left out. */
export type LinkParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An entry of a Link header with a relative URL, its parameters in alphabetical order, as Kratos sends it. */
export function pageLink(path: string, relation: string, parameters: LinkParameters): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(parameters))
    for (const value of [values ?? []].flat()) query.append(name, value);
  query.sort();
  return `<${path}?${query.toString()}>; rel="${relation}"`;
}

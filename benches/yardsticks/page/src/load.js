/** What the page is asked to do: the query of its URL. */
export function load(search) {
  const query = new URLSearchParams(search);
  const number = (name) => Number(query.get(name) ?? 0);
  return { hog: number("hog"), hogPasses: number("passes"), heavy: number("heavy") > 0 };
}

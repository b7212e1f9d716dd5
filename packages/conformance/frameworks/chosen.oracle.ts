export const chosen = (): string => location.hash.slice(1);

import { environment } from '@playconnect/module';

/** Name of the scenario that this page shows: its path is `/FRAMEWORK/SCENARIO`, and with a broken adapter `/FRAMEWORK-broken/SCENARIO/FAULT`. */
export const chosen = (): string => part(2);

/** Empty: none. */
export const chosenFault = (): string => part(3);

const part = (at: number): string => environment.url.split(/[/?#]/)[at] ?? '';

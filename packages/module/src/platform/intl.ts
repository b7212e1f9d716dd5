/**
 * Intl for engines that have none: NumberFormat and DateTimeFormat on the
 * host's formatting, and the toLocaleString methods. Options that the host does
 * not know are refused, not ignored.
 */

import { natives, type DateLength, type DateOptions, type NumberOptions } from '../glue';
import { environment } from './environment';

interface NumberFormatOptions {
  style?: 'decimal' | 'percent' | 'currency';
  currency?: string;
  minimumFractionDigits?: number;
  maximumFractionDigits?: number;
  useGrouping?: boolean | 'auto' | 'always' | 'min2';
}

interface DateTimeFormatOptions {
  dateStyle?: Exclude<DateLength, 'none'>;
  timeStyle?: Exclude<DateLength, 'none'>;
  timeZone?: string;
}

type Locales = string | string[] | undefined;

class NumberFormat {
  private readonly locale: string;
  private readonly options: NumberOptions;

  constructor(locales?: Locales, options: NumberFormatOptions = {}) {
    refuseOthers('Intl.NumberFormat', options, ['style', 'currency', 'minimumFractionDigits', 'maximumFractionDigits', 'useGrouping']);
    const style = options.style ?? 'decimal';
    if (style === 'currency' && options.currency === undefined) throw new TypeError('Intl.NumberFormat: style `currency` needs a currency');
    this.locale = chosen(locales);
    this.options = {
      style,
      currency: options.currency ?? null,
      minimumFractionDigits: options.minimumFractionDigits ?? null,
      maximumFractionDigits: options.maximumFractionDigits ?? null,
      grouping: options.useGrouping !== false,
    };
    this.format = this.format.bind(this);
  }

  format(value: number | bigint): string {
    return natives.formatNumber(this.locale, Number(value), this.options);
  }

  resolvedOptions() {
    return { locale: this.locale, ...this.options };
  }
}

class DateTimeFormat {
  private readonly locale: string;
  private readonly options: DateOptions;

  constructor(locales?: Locales, options: DateTimeFormatOptions = {}, defaults: 'date' | 'time' | 'any' = 'date') {
    refuseOthers('Intl.DateTimeFormat', options, ['dateStyle', 'timeStyle', 'timeZone']);
    const plain = options.dateStyle === undefined && options.timeStyle === undefined;
    this.locale = chosen(locales);
    this.options = {
      date: options.dateStyle ?? (plain && defaults !== 'time' ? 'short' : 'none'),
      time: options.timeStyle ?? (plain && defaults !== 'date' ? 'medium' : 'none'),
      timeZone: options.timeZone ?? environment.timeZone,
    };
    this.format = this.format.bind(this);
  }

  format(date: Date | number = Date.now()): string {
    return natives.formatDate(this.locale, Number(date), this.options);
  }

  resolvedOptions() {
    return { locale: this.locale, timeZone: this.options.timeZone, calendar: 'gregory' };
  }
}

export function installIntl(): void {
  if (typeof Intl !== 'undefined') return;
  Object.defineProperty(globalThis, 'Intl', { value: { NumberFormat, DateTimeFormat }, configurable: true, writable: true });
  define(Number.prototype, 'toLocaleString', function (this: number, locales?: Locales, options?: NumberFormatOptions) {
    return new NumberFormat(locales, options).format(Number(this));
  });
  for (const [name, defaults] of [
    ['toLocaleString', 'any'],
    ['toLocaleDateString', 'date'],
    ['toLocaleTimeString', 'time'],
  ] as const) {
    define(Date.prototype, name, function (this: Date, locales?: Locales, options?: DateTimeFormatOptions) {
      return new DateTimeFormat(locales, options, defaults).format(this);
    });
  }
}

function define(on: object, name: string, value: (...args: never[]) => string): void {
  Object.defineProperty(on, name, { value, configurable: true, writable: true });
}

function chosen(locales: Locales): string {
  return (Array.isArray(locales) ? locales[0] : locales) ?? environment.locale;
}

function refuseOthers(what: string, options: object, allowed: string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !allowed.includes(name)) {
      throw new RangeError(`${what}: the option \`${name}\` is not there inside Wasm; there are ${allowed.join(', ')}`);
    }
  }
}

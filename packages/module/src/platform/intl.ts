/**
 * Intl for engines that have none: NumberFormat and DateTimeFormat on the
 * host's formatting, and the toLocaleString methods. Options that the host does
 * not know are refused, not ignored.
 */

import { DatePart, natives, type DateLength, type DateOptions, type NumberOptions } from '../glue';
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
  hour12?: boolean;
  weekday?: string;
  year?: string;
  month?: string;
  day?: string;
  hour?: string;
  minute?: string;
  second?: string;
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

/** What is shown if nothing is asked for, by the method that is called. */
const defaults = {
  date: DatePart.Year | DatePart.Month | DatePart.Day,
  time: DatePart.Hour | DatePart.Minute | DatePart.Second,
  any: DatePart.Year | DatePart.Month | DatePart.Day | DatePart.Hour | DatePart.Minute | DatePart.Second,
};

const parts = {
  weekday: DatePart.Weekday,
  year: DatePart.Year,
  month: DatePart.Month,
  day: DatePart.Day,
  hour: DatePart.Hour,
  minute: DatePart.Minute,
  second: DatePart.Second,
};

/** What each part may be: the words that it takes, and which of them are there. */
const allowedParts: Record<keyof typeof parts, readonly string[]> = {
  weekday: ['long', 'short'],
  year: ['numeric'],
  month: ['numeric', '2-digit', 'short', 'long'],
  day: ['numeric', '2-digit'],
  hour: ['numeric', '2-digit'],
  minute: ['numeric', '2-digit'],
  second: ['numeric', '2-digit'],
};

class DateTimeFormat {
  private readonly locale: string;
  private readonly options: DateOptions;

  constructor(locales?: Locales, options: DateTimeFormatOptions = {}, shown: keyof typeof defaults = 'date') {
    refuseOthers('Intl.DateTimeFormat', options, ['dateStyle', 'timeStyle', 'timeZone', 'hour12', ...Object.keys(parts)]);
    const { dateStyle, timeStyle, hour12 } = options;
    const asked = askedParts(options);
    const hasStyle = dateStyle !== undefined || timeStyle !== undefined;
    if (hasStyle && asked !== 0) throw new TypeError('Intl.DateTimeFormat: dateStyle and timeStyle cannot stand beside parts such as month');
    this.locale = withHours(chosen(locales), hour12);
    this.options = {
      date: dateStyle ?? 'none',
      time: timeStyle ?? 'none',
      parts: hasStyle ? 0 : completed(asked, shown),
      words: words(options),
      padded: options.month === '2-digit' || options.day === '2-digit' || options.hour === '2-digit',
      timeZone: options.timeZone ?? environment.timeZone,
    };
    this.format = this.format.bind(this);
  }

  format(date: Date | number = Date.now()): string {
    return natives.formatDate(this.locale, Number(date), this.options);
  }

  resolvedOptions() {
    return { locale: this.locale, timeZone: this.options.timeZone, calendar: 'gregory', numberingSystem: 'latn' };
  }
}

function askedParts(options: DateTimeFormatOptions): number {
  let asked = 0;
  for (const [name, bit] of Object.entries(parts) as [keyof typeof parts, DatePart][]) {
    const value = options[name];
    if (value === undefined) continue;
    const allowed = allowedParts[name];
    if (!allowed.includes(value)) throw new RangeError(`Intl.DateTimeFormat: ${name} cannot be \`${value}\` inside Wasm; there are ${allowed.join(', ')}`);
    asked |= bit;
  }
  return asked;
}

/** ECMA-402, CreateDateTimeFormat: a date is shown by `toLocaleDateString` also if only hours are asked for. */
function completed(asked: number, shown: keyof typeof defaults): number {
  const isEnough = shown === 'any' ? asked !== 0 : shown === 'date' ? (asked & (defaults.date | DatePart.Weekday)) !== 0 : (asked & defaults.time) !== 0;
  return isEnough ? asked : asked | defaults[shown];
}

function words({ month, weekday }: DateTimeFormatOptions): DateOptions['words'] {
  const said = month === 'long' || month === 'short' ? month : month === undefined ? weekday : undefined;
  return said === 'long' ? 'long' : said === 'short' ? 'medium' : weekday === undefined ? 'short' : 'medium';
}

/** Unicode's locale extension for hours. */
function withHours(locale: string, hour12: boolean | undefined): string {
  if (hour12 === undefined || locale.includes('-u-')) return locale;
  return `${locale}-u-hc-${hour12 ? 'h12' : 'h23'}`;
}

export function installIntl(): void {
  if (typeof Intl !== 'undefined') return;
  const value = { NumberFormat: callable(NumberFormat), DateTimeFormat: callable(DateTimeFormat) };
  Object.defineProperty(globalThis, 'Intl', { value, configurable: true, writable: true });
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

/** `Intl.NumberFormat()` does what `new Intl.NumberFormat()` does. */
function callable<C extends new (locales?: Locales, options?: object) => object>(made: C): C {
  const called = function (locales?: Locales, options?: object) {
    return new made(locales, options);
  };
  called.prototype = made.prototype;
  Object.defineProperty(called, 'name', { value: made.name });
  return called as unknown as C;
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

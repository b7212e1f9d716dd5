//! Number and date formatting for guests, by CLDR (ICU4X), with the IANA time zones compiled in: the same on every
//! machine.
//!
//! The results are those of a browser's `Intl.NumberFormat` and `Intl.DateTimeFormat` for the same options; what is
//! not supported is an error, never a guess. Calendars are Gregorian unless the locale says otherwise.

use std::cell::RefCell;
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

use fixed_decimal::{Decimal, FloatPrecision, Sign, SignedRoundingMode, UnsignedRoundingMode};
use icu_calendar::Iso;
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::builder::{DateFields, FieldSetBuilder, ZoneStyle};
use icu_datetime::fieldsets::enums::CompositeFieldSet;
use icu_datetime::options::{Alignment, Length, TimePrecision, YearStyle};
use icu_decimal::DecimalFormatter;
use icu_decimal::options::GroupingStrategy;
use icu_experimental::dimension::currency::CurrencyType;
use icu_experimental::dimension::currency::formatter::CurrencyFormatter;
use icu_experimental::dimension::percent::formatter::PercentFormatter;
use icu_locale_core::Locale;
use icu_time::zone::models::AtTime;
use icu_time::zone::{TimeZone, UtcOffset};
use icu_time::{DateTime, TimeZoneInfo, ZonedDateTime};
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;

use crate::bindings::playconnect::module::intl::{
    DateLength, DateOptions, DateParts, NumberOptions, NumberStyle,
};

/// Formatters that a shard keeps; a page has one locale and a handful of styles.
const FORMATTERS_MAX: usize = 64;
const FRACTION_DIGITS_MAX: u8 = 100;
const TAG_BYTES_MAX: usize = 64;

pub(crate) fn format_number(locale: &str, value: f64, options: &NumberOptions) -> Result<String, String> {
    let style = Style::of(options)?;
    let key = NumberKey { locale: locale.to_owned(), style, grouping: options.grouping };
    with_formatter(
        |formatters| &mut formatters.numbers,
        key,
        NumberFormatter::new,
        |formatter| {
            let (minimum, maximum) = fraction_digits(options, formatter.digits)?;
            Ok(formatter.format(value, minimum, maximum))
        },
    )
}

pub(crate) fn format_date(locale: &str, time_ms: f64, options: &DateOptions) -> Result<String, String> {
    // The range of a JavaScript Date, which is also where whole milliseconds end.
    if time_ms.is_nan() || time_ms.abs() > 8.64e15 {
        return Err(format!("{time_ms} is not a time: milliseconds since 1970, at most 8.64e15 either way"));
    }
    let key = DateKey {
        locale: locale.to_owned(),
        date: discriminant(&options.date),
        time: discriminant(&options.time),
        parts: PARTS.map(|part| options.parts.contains(part)),
        words: discriminant(&options.words),
        padded: options.padded,
    };
    let moment = local_time(time_ms as i64, &options.time_zone)?;
    let make = |key: &DateKey| date_formatter(&key.locale, options);
    with_formatter(
        |formatters| &mut formatters.dates,
        key,
        make,
        |formatter| {
            // As Chromium and Firefox do: CLDR's narrow no-break space before "PM" breaks programs that read times.
            Ok(formatter.format(&moment).to_string().replace('\u{202f}', " "))
        },
    )
}

// ---- numbers

#[derive(Clone, PartialEq, Eq, Hash)]
struct NumberKey {
    locale: String,
    style: Style,
    grouping: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Style {
    Decimal,
    Percent,
    Currency([u8; 3]),
}

impl Style {
    fn of(options: &NumberOptions) -> Result<Style, String> {
        match (options.style, options.currency.as_deref()) {
            (NumberStyle::Decimal, _) => Ok(Style::Decimal),
            (NumberStyle::Percent, _) => Ok(Style::Percent),
            (NumberStyle::Currency, None) => Err("style currency needs a currency, for example EUR".into()),
            (NumberStyle::Currency, Some(code)) => match code.as_bytes() {
                &[a, b, c] if code.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                    Ok(Style::Currency([a, b, c].map(|byte| byte.to_ascii_uppercase())))
                }
                _ => Err(format!("currency {code:?} is not an ISO 4217 code, for example EUR")),
            },
        }
    }
}

/// The number itself is always formatted as a decimal; percent and currency put something around it. What that is,
/// is read off once from a formatted 1 and −1, so that any number of digits can be asked for.
struct NumberFormatter {
    decimal: DecimalFormatter,
    positive: (String, String),
    negative: (String, String),
    percent: bool,
    /// Least and most digits behind the point, if nothing is asked for.
    digits: (u8, u8),
}

impl NumberFormatter {
    fn new(key: &NumberKey) -> Result<NumberFormatter, String> {
        let locale = parse_locale(&key.locale)?;
        let grouping = if key.grouping { GroupingStrategy::Auto } else { GroupingStrategy::Never };
        let unsupported = |error| format!("locale {}: {error}", key.locale);
        let decimal = DecimalFormatter::try_new((&locale).into(), grouping.into()).map_err(unsupported)?;
        let (one, minus_one) = (Decimal::from(1), Decimal::from(-1));
        let (positive, negative) = match key.style {
            Style::Decimal => (decimal.format(&one).to_string(), decimal.format(&minus_one).to_string()),
            Style::Percent => {
                let percent =
                    PercentFormatter::try_new((&locale).into(), Default::default()).map_err(unsupported)?;
                (percent.format(&one).to_string(), percent.format(&minus_one).to_string())
            }
            Style::Currency(code) => {
                let code = str::from_utf8(&code).expect("three ASCII letters");
                let currency = CurrencyType::try_from_str(code)
                    .map_err(|_| format!("currency {code} is not an ISO 4217 code"))?;
                let currency =
                    CurrencyFormatter::try_new_symbol((&locale).into(), currency, Default::default())
                        .map_err(unsupported)?;
                (
                    currency.format_fixed_decimal(&one).to_string(),
                    currency.format_fixed_decimal(&minus_one).to_string(),
                )
            }
        };
        let around = |formatted: &String| {
            split_at_one(&decimal, formatted)
                .ok_or_else(|| format!("locale {}: its pattern {formatted:?} is not supported", key.locale))
        };
        let ((positive, digits), (negative, _)) = (around(&positive)?, around(&negative)?);
        let digits = match key.style {
            Style::Decimal => (0, 3),
            Style::Percent => (0, 0),
            Style::Currency(_) => (digits, digits),
        };
        Ok(NumberFormatter { decimal, positive, negative, percent: key.style == Style::Percent, digits })
    }

    fn format(&self, value: f64, minimum: u8, maximum: u8) -> String {
        let (prefix, suffix) = if value.is_sign_negative() { &self.negative } else { &self.positive };
        if value.is_nan() {
            return format!("{}NaN{}", self.positive.0, self.positive.1);
        }
        // The shortest decimal that reads back as this number, as ECMA-402 does: 1.005 is rounded to 1.01.
        let digits = match Decimal::try_from_f64(value.abs(), FloatPrecision::RoundTrip) {
            Ok(mut decimal) => {
                if self.percent {
                    decimal.multiply_pow10(2);
                    decimal.absolute.trim_start();
                }
                let half_expand = SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand);
                decimal.round_with_mode(-i16::from(maximum), half_expand);
                decimal.absolute.trim_end();
                decimal.absolute.pad_end(-i16::from(minimum));
                self.decimal.format(&decimal.with_sign(Sign::None)).to_string()
            }
            Err(_) => "∞".to_owned(),
        };
        format!("{prefix}{digits}{suffix}")
    }
}

/// What stands around the 1 in a formatted 1, and how many zeros were behind its point.
fn split_at_one(decimal: &DecimalFormatter, formatted: &str) -> Option<((String, String), u8)> {
    (0..=4u8).rev().find_map(|digits| {
        let mut one = Decimal::from(1);
        one.absolute.pad_end(-i16::from(digits));
        let (prefix, suffix) = formatted.split_once(&decimal.format(&one).to_string())?;
        Some(((prefix.to_owned(), suffix.to_owned()), digits))
    })
}

/// ECMA-402, SetNumberFormatDigitOptions: the one that is missing makes room for the one that is given.
fn fraction_digits(options: &NumberOptions, default: (u8, u8)) -> Result<(u8, u8), String> {
    let (minimum, maximum) = match (options.minimum_fraction_digits, options.maximum_fraction_digits) {
        (None, None) => default,
        (Some(minimum), None) => (minimum, default.1.max(minimum)),
        (None, Some(maximum)) => (default.0.min(maximum), maximum),
        (Some(minimum), Some(maximum)) => (minimum, maximum),
    };
    if minimum > maximum || maximum > FRACTION_DIGITS_MAX {
        return Err(format!(
            "fraction digits from {minimum} to {maximum}: the least must not be above the most, which is at most \
             {FRACTION_DIGITS_MAX}"
        ));
    }
    Ok((minimum, maximum))
}

// ---- dates

#[derive(Clone, PartialEq, Eq, Hash)]
struct DateKey {
    locale: String,
    date: Discriminant<DateLength>,
    time: Discriminant<DateLength>,
    /// In the order of [`PARTS`].
    parts: [bool; 7],
    words: Discriminant<DateLength>,
    padded: bool,
}

const PARTS: [DateParts; 7] = [
    DateParts::WEEKDAY,
    DateParts::YEAR,
    DateParts::MONTH,
    DateParts::DAY,
    DateParts::HOUR,
    DateParts::MINUTE,
    DateParts::SECOND,
];

type Moment = ZonedDateTime<Iso, TimeZoneInfo<AtTime>>;

fn local_time(time_ms: i64, zone: &str) -> Result<Moment, String> {
    let unknown = || format!("time zone {zone:?} is not an IANA name, for example Europe/Zurich");
    let timestamp = Timestamp::from_millisecond(time_ms)
        .map_err(|_| format!("{time_ms} ms: years before -9999 and after 9999 are not supported"))?;
    let offset = TimeZoneDatabase::bundled().get(zone).map_err(|_| unknown())?.to_offset(timestamp);
    let offset = UtcOffset::try_from_seconds(offset.seconds()).map_err(|_| unknown())?;
    let local = ZonedDateTime::from_epoch_milliseconds_and_utc_offset(time_ms, offset);
    let date_time = DateTime { date: local.date, time: local.time };
    let zone = TimeZone::from_iana_id(zone).with_offset(Some(offset)).at_date_time(date_time);
    Ok(ZonedDateTime { date: local.date, time: local.time, zone })
}

fn date_formatter(
    locale: &str,
    options: &DateOptions,
) -> Result<DateTimeFormatter<CompositeFieldSet>, String> {
    let fields = match (options.date, options.time) {
        (DateLength::None, DateLength::None) => fields_of_parts(options)?,
        (date, time) => fields_of_lengths(date, time),
    };
    let unsupported = |error: &dyn std::fmt::Display| format!("locale {locale}: {error}");
    let parsed = parse_locale(locale)?;
    let fields = fields.build_composite().map_err(|error| unsupported(&error))?;
    DateTimeFormatter::try_new(parsed.into(), fields).map_err(|error| unsupported(&error))
}

/// The names of ECMA-402's dateStyle and timeStyle.
fn fields_of_lengths(date: DateLength, time: DateLength) -> FieldSetBuilder {
    let mut fields = FieldSetBuilder::new();
    fields.date_fields = match date {
        DateLength::None => None,
        DateLength::Full => Some(DateFields::YMDE),
        DateLength::Short | DateLength::Medium | DateLength::Long => Some(DateFields::YMD),
    };
    fields.time_precision = match time {
        DateLength::None => None,
        DateLength::Short => Some(TimePrecision::Minute),
        DateLength::Medium | DateLength::Long | DateLength::Full => Some(TimePrecision::Second),
    };
    fields.zone_style = match time {
        DateLength::None | DateLength::Short | DateLength::Medium => None,
        DateLength::Long => Some(ZoneStyle::SpecificShort),
        DateLength::Full => Some(ZoneStyle::SpecificLong),
    };
    fields.length = Some(match date {
        DateLength::Full | DateLength::Long => Length::Long,
        DateLength::Short => Length::Short,
        DateLength::Medium | DateLength::None => Length::Medium,
    });
    fields
}

/// Each part as ECMA-402 has it, in the order of the locale.
fn fields_of_parts(options: &DateOptions) -> Result<FieldSetBuilder, String> {
    let parts = options.parts;
    if parts == DateParts::empty() {
        return Err("neither a date nor a time is asked for".into());
    }
    let has = |part| parts.contains(part);
    let date = [DateParts::YEAR, DateParts::MONTH, DateParts::DAY, DateParts::WEEKDAY].map(has);
    let mut fields = FieldSetBuilder::new();
    fields.date_fields = match date {
        [false, false, false, false] => None,
        [true, true, true, true] => Some(DateFields::YMDE),
        [true, true, true, false] => Some(DateFields::YMD),
        [true, true, false, false] => Some(DateFields::YM),
        [true, false, false, false] => Some(DateFields::Y),
        [false, true, true, true] => Some(DateFields::MDE),
        [false, true, true, false] => Some(DateFields::MD),
        [false, true, false, false] => Some(DateFields::M),
        [false, false, true, true] => Some(DateFields::DE),
        [false, false, true, false] => Some(DateFields::D),
        [false, false, false, true] => Some(DateFields::E),
        _ => {
            return Err(
                "these parts of a date have no common form: add the month, or leave out the year".into()
            );
        }
    };
    fields.time_precision = match [DateParts::HOUR, DateParts::MINUTE, DateParts::SECOND].map(has) {
        [false, false, false] => None,
        [true, false, false] => Some(TimePrecision::Hour),
        [true, true, false] => Some(TimePrecision::Minute),
        [true, true, true] => Some(TimePrecision::Second),
        _ => return Err("minutes are shown with hours, and seconds with both".into()),
    };
    fields.length = Some(match options.words {
        DateLength::Long | DateLength::Full => Length::Long,
        DateLength::Medium => Length::Medium,
        DateLength::Short | DateLength::None => Length::Short,
    });
    // Without it the year has two digits where the whole is short. It is only for dates with a year.
    fields.year_style = has(DateParts::YEAR).then_some(YearStyle::Full);
    // A field of its own takes no alignment.
    let is_single = matches!(fields.date_fields, Some(DateFields::M | DateFields::Y | DateFields::E));
    fields.alignment = (options.padded && !is_single).then_some(Alignment::Column);
    Ok(fields)
}

// ---- both

fn parse_locale(tag: &str) -> Result<Locale, String> {
    let refused = || format!("locale {tag:?} is not a BCP 47 tag, for example de-CH");
    if tag.len() > TAG_BYTES_MAX {
        return Err(refused());
    }
    tag.parse().map_err(|_| refused())
}

/// Made formatters, by shard: making one costs some ten microseconds, and a guest may ask for a thousand numbers.
#[derive(Default)]
struct Formatters {
    numbers: HashMap<NumberKey, NumberFormatter>,
    dates: HashMap<DateKey, DateTimeFormatter<CompositeFieldSet>>,
}

thread_local! {
    static FORMATTERS: RefCell<Formatters> = RefCell::default();
}

fn with_formatter<K: Eq + std::hash::Hash, F, T>(
    cache: impl FnOnce(&mut Formatters) -> &mut HashMap<K, F>,
    key: K,
    make: impl FnOnce(&K) -> Result<F, String>,
    apply: impl FnOnce(&F) -> Result<T, String>,
) -> Result<T, String> {
    FORMATTERS.with_borrow_mut(|formatters| {
        let cache = cache(formatters);
        if !cache.contains_key(&key) {
            if cache.len() >= FORMATTERS_MAX {
                cache.clear(); // somebody asks for many locales; begin again rather than keep account
            }
            let made = make(&key)?;
            return apply(cache.entry(key).or_insert(made));
        }
        apply(&cache[&key])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(style: NumberStyle) -> NumberOptions {
        NumberOptions {
            style,
            currency: None,
            minimum_fraction_digits: None,
            maximum_fraction_digits: None,
            grouping: true,
        }
    }

    #[test]
    fn decimals_as_a_browser_writes_them() {
        let check = |locale, value, expect: &str| {
            assert_eq!(format_number(locale, value, &options(NumberStyle::Decimal)).as_deref(), Ok(expect));
        };
        check("en-US", 1_234_567.891_5, "1,234,567.892");
        check("en-US", 0.0, "0");
        check("en-US", -0.0, "-0");
        check("en-US", -1.5, "-1.5");
        check("en-US", 1e21, "1,000,000,000,000,000,000,000");
        check("en-US", f64::NAN, "NaN");
        check("en-US", f64::NEG_INFINITY, "-∞");
        check("de", 1234.5, "1.234,5");
        check("fr", 1234.5, "1\u{202f}234,5");
        check("en-IN", 1_234_567.0, "12,34,567");
        check("es", 1234.0, "1234");
        check("ar-EG", 12.5, "١٢٫٥");
        check("sv", -3.0, "\u{2212}3");
    }

    #[test]
    fn fraction_digits_round_half_away_and_pad() {
        let check = |value, minimum, maximum, expect: &str| {
            let options = NumberOptions {
                minimum_fraction_digits: minimum,
                maximum_fraction_digits: maximum,
                ..options(NumberStyle::Decimal)
            };
            assert_eq!(format_number("en", value, &options).as_deref(), Ok(expect));
        };
        check(1.005, None, Some(2), "1.01");
        check(2.5, None, Some(0), "3");
        check(-2.5, None, Some(0), "-3");
        check(1.0, Some(2), None, "1.00");
        check(1.23456, Some(4), None, "1.2346");
        check(99.999, Some(2), Some(2), "100.00");
        check(0.0, Some(2), None, "0.00");
        let error = |minimum, maximum| {
            let options = NumberOptions {
                minimum_fraction_digits: minimum,
                maximum_fraction_digits: maximum,
                ..options(NumberStyle::Decimal)
            };
            format_number("en", 1.0, &options).expect_err("refused")
        };
        assert!(error(Some(3), Some(2)).starts_with("fraction digits from 3 to 2"));
        assert!(error(Some(3), Some(200)).contains("at most 100"));
    }

    #[test]
    fn percent_and_currency() {
        let percent =
            |locale, value| format_number(locale, value, &options(NumberStyle::Percent)).expect("formats");
        assert_eq!(percent("en", 0.256), "26%");
        assert_eq!(percent("de", -1.5), "-150\u{a0}%");
        assert_eq!(percent("tr", 0.5), "%50");

        let currency = |locale, value, code: &str, digits| {
            let options = NumberOptions {
                currency: Some(code.into()),
                minimum_fraction_digits: digits,
                maximum_fraction_digits: digits,
                ..options(NumberStyle::Currency)
            };
            format_number(locale, value, &options)
        };
        assert_eq!(currency("en-US", 1234.5, "USD", None).as_deref(), Ok("$1,234.50"));
        assert_eq!(currency("en-US", -1234.5, "usd", None).as_deref(), Ok("-$1,234.50"));
        assert_eq!(currency("en-US", 1234.5, "USD", Some(0)).as_deref(), Ok("$1,235"));
        assert_eq!(currency("de-DE", 1234.5, "EUR", None).as_deref(), Ok("1.234,50\u{a0}€"));
        assert_eq!(currency("ja-JP", 1234.5, "JPY", None).as_deref(), Ok("￥1,235"));
        assert_eq!(currency("en", 1.0, "KWD", None).as_deref(), Ok("KWD\u{a0}1.000"));
        assert!(currency("en", 1.0, "euro", None).expect_err("refused").contains("not an ISO 4217 code"));
        let none = format_number("en", 1.0, &options(NumberStyle::Currency)).expect_err("refused");
        assert_eq!(none, "style currency needs a currency, for example EUR");
        let grouping = NumberOptions { grouping: false, ..options(NumberStyle::Decimal) };
        assert_eq!(format_number("en", 12345.0, &grouping).as_deref(), Ok("12345"));
    }

    fn lengths(date: DateLength, time: DateLength, zone: &str) -> DateOptions {
        let (parts, words) = (DateParts::empty(), DateLength::Short);
        DateOptions { date, time, parts, words, padded: false, time_zone: zone.to_owned() }
    }

    /// The expected texts are Chromium's, for the same parts.
    #[test]
    fn parts_of_dates_as_a_browser_writes_them() {
        use DateLength::{Long, Medium, Short};
        let date = DateParts::YEAR | DateParts::MONTH | DateParts::DAY;
        let time = DateParts::HOUR | DateParts::MINUTE | DateParts::SECOND;
        let check = |locale, parts, words, padded, expect: &str| {
            let options =
                DateOptions { parts, words, padded, ..lengths(DateLength::None, DateLength::None, "UTC") };
            assert_eq!(
                format_date(locale, 1_795_248_309_000.0, &options).as_deref(),
                Ok(expect),
                "{parts:?}"
            );
        };
        check("en-US", date, Short, false, "11/21/2026");
        check("de-DE", date, Short, false, "21.11.2026");
        check("en-US", date | time, Short, false, "11/21/2026, 8:05:09 AM");
        check("en-US", time, Short, false, "8:05:09 AM");
        check("en-US", time, Short, true, "08:05:09 AM");
        check("en-US-u-hc-h23", DateParts::HOUR | DateParts::MINUTE, Short, true, "08:05");
        check("en-US", DateParts::MONTH, Long, false, "November");
        check("en-US", DateParts::WEEKDAY, Medium, false, "Sat");
        check("en-US", DateParts::YEAR | DateParts::MONTH, Long, false, "November 2026");
        check("en-US", DateParts::MONTH | DateParts::DAY, Medium, false, "Nov 21");
        check("en-US", date | DateParts::WEEKDAY, Long, false, "Saturday, November 21, 2026");
        check("de-DE", date, Long, false, "21. November 2026");
        check("en-GB", date, Medium, false, "21 Nov 2026");
        let none = |parts| {
            let words = Short;
            let options = DateOptions { parts, words, ..lengths(DateLength::None, DateLength::None, "UTC") };
            format_date("en", 0.0, &options).expect_err("refused")
        };
        assert!(none(DateParts::YEAR | DateParts::DAY).contains("add the month"));
        assert!(none(DateParts::SECOND).contains("minutes are shown with hours"));
    }

    #[test]
    fn dates_as_a_browser_writes_them() {
        use DateLength::{Full, Long, Medium, None, Short};
        // 2026-11-21T08:05:09Z
        let check = |locale, zone: &str, date, time, expect: &str| {
            let options = lengths(date, time, zone);
            assert_eq!(format_date(locale, 1_795_248_309_000.0, &options).as_deref(), Ok(expect));
        };
        check("en-US", "UTC", Short, None, "11/21/26");
        check("en-US", "UTC", Medium, None, "Nov 21, 2026");
        check("en-US", "UTC", Long, None, "November 21, 2026");
        check("en-US", "UTC", Full, None, "Saturday, November 21, 2026");
        check("en-US", "America/New_York", None, Short, "3:05 AM");
        check("en-US", "America/New_York", None, Medium, "3:05:09 AM");
        check("en-US", "America/New_York", None, Long, "3:05:09 AM EST");
        check("en-US", "America/New_York", None, Full, "3:05:09 AM Eastern Standard Time");
        check("en-US", "America/New_York", Medium, Short, "Nov 21, 2026, 3:05 AM");
        check("de-CH", "Europe/Zurich", Short, Short, "21.11.26, 09:05");
        check("de-CH", "Europe/Zurich", Full, None, "Samstag, 21. November 2026");
        check("ja", "Asia/Tokyo", Medium, Short, "2026/11/21 17:05");
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        let date = |locale: &str, time_ms, zone: &str, date, time| {
            let options = lengths(date, time, zone);
            format_date(locale, time_ms, &options).expect_err("refused")
        };
        let short = DateLength::Short;
        assert!(date("en", 0.0, "Mars/Olympus", short, short).contains("not an IANA name"));
        assert!(date("en", f64::NAN, "UTC", short, short).contains("is not a time"));
        assert!(date("en", 8.64e15, "UTC", short, short).contains("are not supported"));
        assert!(date("no locale", 0.0, "UTC", short, short).contains("not a BCP 47 tag"));
        assert!(date(&"x-".repeat(100), 0.0, "UTC", short, short).contains("not a BCP 47 tag"));
        assert!(
            date("en", 0.0, "UTC", DateLength::None, DateLength::None).contains("neither a date nor a time")
        );
    }

    #[test]
    fn many_locales_do_not_pile_up() {
        for region in 100..400 {
            format_number(&format!("en-{region}"), 1.0, &options(NumberStyle::Decimal)).expect("formats");
        }
        FORMATTERS.with_borrow(|formatters| assert!(formatters.numbers.len() <= FORMATTERS_MAX));
    }
}

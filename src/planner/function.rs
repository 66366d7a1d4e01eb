//! The table of functions.

/// What a function is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// One row's values.
    Scalar,
    /// A condition: `possibly`, `certainly`.
    Modal,
    /// A group of rows.
    Aggregate,
}

macro_rules! functions {
    ($($variant:ident $name:literal $use:ident $args:expr, $doc:literal;)+) => {
        /// A function of one row's values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Function {
            $(#[doc = $doc] $variant,)+
        }

        impl Function {
            /// All of them.
            pub(crate) const ALL: &[Function] = &[$(Function::$variant),+];

            /// Its name.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Function::$variant => $name,)+ }
            }

            /// What it is applied to.
            pub(crate) const fn usage(self) -> Use {
                match self { $(Function::$variant => Use::$use,)+ }
            }

            /// The least and the most number of arguments.
            pub(crate) const fn arity(self) -> (usize, usize) {
                match self { $(Function::$variant => $args,)+ }
            }

            /// What it gives.
            pub(crate) const fn doc(self) -> &'static str {
                match self { $(Function::$variant => $doc,)+ }
            }
        }
    };
}

functions! {
    Possibly "possibly" Modal (1, 1), "true where the condition holds for some choice of the days in doubt";
    Certainly "certainly" Modal (1, 1), "true where the condition holds for every choice of the days in doubt";
    Date "date" Scalar (1, 2), "a date from text: EDTF or a phrase; a relative phrase needs the day it starts from";
    Earliest "earliest" Scalar (1, 1), "the first day that a date may mean";
    Latest "latest" Scalar (1, 1), "the last day that a date may mean";
    Midpoint "midpoint" Scalar (1, 1), "the day in the middle of a date";
    Precision "precision" Scalar (1, 1), "how fine a date was told: day, month, season, year …";
    Edtf "edtf" Scalar (1, 1), "a date as EDTF text";
    MonthOfYear "month_of_year" Scalar (1, 1), "1 to 12; null where the date spans several";
    DayOfWeek "day_of_week" Scalar (1, 1), "1 Monday to 7 Sunday; null where the day is not known";
    Bucket "bucket" Scalar (2, 2), "the period of a width in which a date begins: weeks from Monday, months from January of the year 0, days from 2000-01-03";
    WeekOfYear "week_of_year" Scalar (1, 1), "1 to 53, the ISO week; null where the day is not known";
    YearOf "year_of" Scalar (1, 1), "the year as a number; null where the date spans several";
    Today "today" Scalar (0, 0), "the current day, UTC";
    Lower "lower" Scalar (1, 1), "text in lower case";
    Upper "upper" Scalar (1, 1), "text in upper case";
    Length "length" Scalar (1, 1), "characters of a text, or values of a list";
    Trim "trim" Scalar (1, 1), "text without blanks at its ends";
    Replace "replace" Scalar (3, 3), "text with another text in place of each occurrence of one";
    Split "split" Scalar (2, 2), "the pieces of a text between separators, as a list";
    Substring "substring" Scalar (2, 3), "the characters of a text from a place on, counted from 0, and how many";
    Concat "concat" Scalar (2, usize::MAX), "values as one text, one behind the other";
    Join "join" Scalar (2, 2), "the values of a list as one text, with a separator between them";
    Sort "sort" Scalar (1, 1), "a list in ascending order";
    Unique "unique" Scalar (1, 1), "a list with each value once";
    Highlight "highlight" Scalar (1, 1), "text with `**` around the words that the query searches for";
    Score "score" Scalar (0, 0), "how well the summary meets what the query searches for";
    Abs "abs" Scalar (1, 1), "a number without its sign";
    Round "round" Scalar (1, 2), "a number or an amount rounded, to so many decimals";
    Floor "floor" Scalar (1, 1), "the whole number below";
    Ceil "ceil" Scalar (1, 1), "the whole number above";
    Sqrt "sqrt" Scalar (1, 1), "the square root; null of a negative number";
    Exp "exp" Scalar (1, 1), "e to the power of a number";
    Log "log" Scalar (1, 2), "the natural logarithm, or that to another base; null of what is not positive";
    Power "power" Scalar (2, 2), "a number to the power of another";
    Least "least" Scalar (1, usize::MAX), "the least of several values; null where one is missing";
    Greatest "greatest" Scalar (1, usize::MAX), "the greatest of several values; null where one is missing";
    If "if" Scalar (3, 3), "the second where the condition holds, the third where it does not; null where that is unknown";
    TypeOf "type_of" Scalar (1, 1), "what a value is: text, number, date, quantity, list …";
    Convert "convert" Scalar (2, 2), "an amount in another unit of what it measures";
    Low "low" Scalar (1, 1), "the least that a quantity may be, as a number";
    High "high" Scalar (1, 1), "the most that a quantity may be, as a number";
    UnitOf "unit" Scalar (1, 1), "the unit of a quantity";
    Count "count" Aggregate (0, 1), "number of rows, or of rows where the condition holds";
    CountDistinct "count_distinct" Aggregate (1, 1), "number of different values";
    Sum "sum" Aggregate (1, 1), "sum of numbers, or of quantities of one unit; of ranges a range";
    Avg "avg" Aggregate (1, 1), "mean of numbers";
    Min "min" Aggregate (1, 1), "least value; of uncertain dates, the days within which it lies";
    Max "max" Aggregate (1, 1), "greatest value; of uncertain dates, the days within which it lies";
    First "first" Aggregate (1, 1), "value of the earliest row";
    Last "last" Aggregate (1, 1), "value of the latest row";
    Median "median" Aggregate (1, 1), "median of numbers";
    Stddev "stddev" Aggregate (1, 1), "sample standard deviation of numbers";
    Share "share" Aggregate (0, 1), "part of the rows of the group for which the condition holds; without one, the part of all rows that the group has";
    Collect "collect" Aggregate (1, 1), "all different values, as a list";
}

impl Function {
    /// The function of a name, in any case.
    pub(crate) fn from_name(name: &str) -> Option<Function> {
        Function::ALL.iter().copied().find(|f| f.name().eq_ignore_ascii_case(name))
    }
}

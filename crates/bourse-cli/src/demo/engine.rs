//! What the demo asks of an engine: the seam between the measurements and the stores measured.

use bourse_storage::Result;

use super::parameters::Parameter;
use super::queries::Query;
use super::rows::Rows;

/// A store that answers the queries; each is one column of the report.
pub(crate) trait Engine {
    /// The column's name, the prefix of its fields in the report.
    fn name(&self) -> &'static str;

    /// Whether it answers a query; most answer all.
    fn answers(&self, _query: Query) -> bool {
        true
    }

    /// Runs a query that was prepared when the engine was opened, and decodes all columns of all
    /// rows. Nothing of an earlier answer may be used.
    fn run(&mut self, query: Query, parameters: &[Parameter], rows: &mut Rows) -> Result<()>;
}

/// Where the key of a new trade comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TradeIds {
    /// The store makes it.
    Generated,
    /// The trade brings it along.
    Imported,
}

impl TradeIds {
    /// The word for it in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            TradeIds::Generated => "generated",
            TradeIds::Imported => "imported",
        }
    }
}

/// What one trade execution writes.
#[derive(Clone, Debug)]
pub(crate) struct Trade {
    /// The key, unless the store makes it.
    pub(crate) trade_id: Option<i64>,
    /// Whose trade it is.
    pub(crate) user_id: i64,
    /// What is traded.
    pub(crate) symbol: String,
    /// `buy` or `sell`.
    pub(crate) side: &'static str,
    /// How much; negative quantities are added to the position of a seller.
    pub(crate) quantity: f64,
    /// At what price.
    pub(crate) price: f64,
    /// When.
    pub(crate) timestamp: String,
    /// The order that is filled.
    pub(crate) order_id: i64,
    /// The portfolio that pays.
    pub(crate) portfolio_id: i64,
}

/// A store that executes trades durably, for many clients at once.
pub(crate) trait TradeStore: Sync {
    /// A client of its own for one thread.
    fn client(&self) -> Result<Box<dyn TradeClient + '_>>;

    /// The way to execute trades without a thread that waits for each, if the store has one.
    fn submitter(&self) -> Option<&dyn TradeSubmitter> {
        None
    }
}

/// Told of a trade once it is on disk, or why it is not.
pub(crate) type Told = Box<dyn FnOnce(Result<()>) + Send>;

/// A store that executes trades without a thread that waits for each.
pub(crate) trait TradeSubmitter: Sync {
    /// Begins to execute a trade. Errors are as those of [`TradeClient::execute`].
    fn submit(&self, trade: &Trade, told: Told);
}

/// One thread's way into a [`TradeStore`].
pub(crate) trait TradeClient {
    /// Executes one trade; it is on disk when this returns. Errors of kind `Conflict` and `Busy`
    /// mean that it was not executed and may be tried again.
    fn execute(&mut self, trade: &Trade) -> Result<()>;
}

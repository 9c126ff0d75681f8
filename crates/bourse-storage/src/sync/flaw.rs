//! Mistakes in lock-free code, each of which a model must be shown to find (`--cfg loom`).
//!
//! Outside of models no flaw is ever there, and what asks for one is compiled away. They are apart
//! from [`crate::bug`], whose mistakes the simulation finds: that runs threads one at a time, on
//! memory that everybody sees alike, where an order that is too weak does no harm.

/// A mistake.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flaw {
    /// A pin's store may be seen after the reads that it guards.
    PinWithoutFence,
    /// A scan of the pins may see them as they were before what was unlinked.
    ScanWithoutFence,
    /// The beginning of a pin, seen in place of the end of the one before, does not order the reads
    /// under that.
    PinBeginsRelaxed,
    /// The end of a pin does not order the reads before it.
    PinEndsRelaxed,
    /// A value is stamped before it is replaced.
    StampBeforeSwap,
    /// A frame is put into the table without its bytes.
    InstallRelaxed,
    /// A frame is reused although a count keeps it.
    CountIgnored,
    /// A frame is reused without a grace period.
    GraceSkipped,
    /// The last count of a frame does not order the reads before it.
    CountEndsRelaxed,
    /// A Cut is registered where a scan may not look yet.
    RegisteredUnseen,
    /// An expired Cut is forgotten although a pin may have found it not expired.
    ForgottenTooEarly,
    /// A waiter does not look again once it is counted.
    EventNotLookedAtAgain,
    /// Who lets go of the combiner's lock does not look at the queue after it.
    QueueNotLookedAt,
    /// What a task wrote is not ordered before its end.
    FinishRelaxed,
    /// The batch counts as durable before the LSN does.
    BatchBeforeLsn,
    /// Who waits for a flush reads the moment after it let go of the latch.
    MomentAfterLatch,
}

/// Whether the mistake is made.
#[cfg(not(loom))]
#[inline(always)]
pub(crate) const fn has(_flaw: Flaw) -> bool {
    false
}

#[cfg(loom)]
std::thread_local! {
    // All threads of a model run on the one that runs the model, and are the tests' apart.
    static MADE: std::cell::Cell<Option<Flaw>> = const { std::cell::Cell::new(None) };
}

/// Whether the mistake is made.
#[cfg(loom)]
pub(crate) fn has(flaw: Flaw) -> bool {
    MADE.get() == Some(flaw)
}

/// Makes this mistake from now on, in models of this thread.
#[cfg(loom)]
pub(crate) fn make(flaw: Option<Flaw>) {
    MADE.set(flaw);
}

//! Bugs on purpose: the simulator switches one on and must find it, or the simulator is broken.
//!
//! In normal use one relaxed load of a word that is 0 is all that remains of them, at places that
//! do I/O, decide about a commit, or report an error.

use std::sync::atomic::{AtomicU64, Ordering};

/// Declares the bugs with the names that they are switched on by.
macro_rules! bugs {
    ($($(#[doc = $text:literal])+ $bug:ident = $name:literal,)+) => {
        /// A mistake that the engine can be told to make.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Bug {
            $($(#[doc = $text])+ $bug,)+
        }

        impl Bug {
            /// All of them.
            pub const ALL: &[Bug] = &[$(Bug::$bug,)+];

            /// What it is called where one is chosen.
            pub fn name(self) -> &'static str {
                match self {
                    $(Bug::$bug => $name,)+
                }
            }
        }
    };
}

bugs! {
    /// A checkpoint writes its superblock before the pages that it names.
    SuperblockBeforePages = "superblock-before-pages",
    /// A file is cut off before the superblock is durable that no longer reaches what is cut off.
    TruncateBeforeSuperblock = "truncate-before-superblock",
    /// Links do not check births, and positions are reused while the older superblock has them.
    IdentityWithoutBirth = "identity-without-birth",
    /// The chain and the salts of the log are neither seeded when writing nor verified when
    /// reading, nor whose use of a file a flush is of: what lies at the right place with the next
    /// LSN counts.
    FrameChainOff = "frame-chain-off",
    /// A flush of the log counts as durable before it is written.
    AcknowledgeBeforeSync = "acknowledge-before-sync",
    /// A sealed Cut is published whether or not its batches are durable.
    PublishBeforeDurable = "publish-before-durable",
    /// A Cut is made of whatever was applied, without waiting for the applies of its batches.
    SealSkipped = "seal-skipped",
    /// A batch counts as applied when its records were, although it was not closed then.
    CountedBeforeClosed = "counted-before-closed",
    /// A commit that leaves its batch to readers does not tell them.
    LeftUntold = "left-untold",
    /// A Cut is read although it has expired.
    ExpiredCutRead = "expired-cut-read",
    /// A commit writes rows that another has locked.
    RowLockCheckOff = "row-lock-check-off",
    /// A row lock counts as granted and is not taken.
    RowLockForgotten = "row-lock-forgotten",
    /// An optimistic commit holds, and so judges, only the shards that it writes.
    OnlyWrittenShardsLocked = "only-written-shards-locked",
    /// Replay does not take what crosses shards from the record but derives it from the rows.
    CrossShardSectionsDerived = "cross-shard-sections-derived",
    /// A checkpoint writes the newest sealed Cut, whether or not its log is on disk.
    CheckpointNotDurable = "checkpoint-not-durable",
    /// A checkpoint does not keep the log that a transaction logged ahead of its commit needs.
    LogCutPastStagedChunk = "log-cut-past-staged-chunk",
    /// The result of a closure that only read leaves before what it read is published.
    ReadOnlyResultNotHeld = "read-only-result-not-held",
    /// An optimistic commit does not look whether what it read is still so.
    ValidationOff = "validation-off",
    /// Apply keeps the entries of rows that an index build has not come to yet.
    DeltasBeyondBuild = "deltas-beyond-build",
    /// An optimistic commit is not judged by how far an index build had come when it was written.
    BuildProgressNotJudged = "build-progress-not-judged",
    /// Apply does not take the values that a row had before an update out of its views.
    ViewDeltaDropped = "view-delta-dropped",
    /// Apply looks for the end of a view's multiset that went away at the other end.
    ExtremumNotRederived = "extremum-not-rederived",
    /// A commit does not write what its rows take from groups that lie in other shards.
    OwnedContributionDropped = "owned-contribution-dropped",
    /// Apply leaves a group whose value changed where it is in its view's ordered indexes.
    OwnedIndexStale = "owned-index-stale",
    /// A row that expires goes from its groups and is not kept in their frozen states.
    FrozenForgotten = "frozen-forgotten",
    /// What a commit tells feeds of a view's groups has the rows still that go.
    FedGroupKeepsWhatGoes = "fed-group-keeps-what-goes",
    /// The log is cut whether or not a feed's subscriber has read it.
    LogCutPastFeed = "log-cut-past-feed",
    /// A subscriber's position is committed when it is given changes, not with what it does with
    /// them.
    FeedPositionBeforeEffect = "feed-position-before-effect",
    /// Records of a feed are given out while they are not published.
    FeedBeforePublished = "feed-before-published",
    /// Records are shipped to followers while they are not published.
    ShipBeforePublished = "ship-before-published",
    /// A follower takes records of a parcel that it has already once more.
    ParcelTakenTwice = "parcel-taken-twice",
    /// A follower says that it has records which are not durable in its log.
    ReceiptBeforeDurable = "receipt-before-durable",
    /// The log is cut whether or not a follower that it is held for has its records.
    LogCutPastHold = "log-cut-past-hold",
    /// A member of a group publishes what is durable, whether or not the group has agreed on it.
    PublishBeforeAgreed = "publish-before-agreed",
    /// A member that is opened replays what its group has taken back.
    TakenBackReplayed = "taken-back-replayed",
    /// A member that is opened keeps records that are in no entry of its group.
    UnendedReplayed = "unended-replayed",
    /// A member's checkpoint has what the group has not agreed on.
    CheckpointBeforeAgreed = "checkpoint-before-agreed",
    /// What a member must remember of its group, its vote among it, is not durable when it says so.
    VoteNotDurable = "vote-not-durable",
    /// A member tells its group that it has an entry durably before it does.
    EntryToldBeforeFlush = "entry-told-before-flush",
    /// A member gives its vote before that is written down.
    VoteNotSaved = "vote-not-saved",
}

impl Bug {
    /// The bug of that name.
    pub fn named(name: &str) -> Option<Bug> {
        Bug::ALL.iter().copied().find(|bug| bug.name() == name)
    }
}

static SWITCHES: AtomicU64 = AtomicU64::new(0);

/// Makes the engine make this mistake from now on, in the whole process.
pub fn switch_on(bug: Bug) {
    SWITCHES.fetch_or(1 << bug as u8, Ordering::Relaxed);
}

/// Ends all mistakes.
pub fn switch_all_off() {
    SWITCHES.store(0, Ordering::Relaxed);
}

/// Whether the mistake is to be made.
#[inline]
pub fn switched_on(bug: Bug) -> bool {
    SWITCHES.load(Ordering::Relaxed) & (1 << bug as u8) != 0
}

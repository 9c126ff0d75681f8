//! The consensus's way to other members.
//!
//! Entries are sent one behind the other without waiting for answers; everything else is a question
//! and its answer. Records are put in here, just before an entry is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bourse::replication::group::{EntryReader, Member};
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use openraft::base::{BoxFuture, BoxStream};
use openraft::errors::{RPCError, ReplicationClosed, StreamingError, Unreachable};
use openraft::network::{RPCOption, RaftNetworkFactory, RaftNetworkV2};
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, SnapshotResponse, StreamAppendResult,
    TransferLeaderRequest, TransferLeaderResponse, VoteRequest, VoteResponse,
};
use openraft::type_config::alias::SnapshotOf;
use openraft::{AnyError, BasicNode};
use tokio::task::JoinHandle;

use super::super::channel::{Channel, Receiver, Sender};
use super::super::fault::{Fault, Reason};
use super::link::{Acquaintance, Link, fill, hear, say, say_append};
use super::runtime;
use super::types::{Answer, Append, LogId, Question, Types, Vote};

/// The pause after a connection that was not made: the consensus tries again without any.
const REFUSED_PAUSE: Duration = Duration::from_millis(30);

/// How long a connection may take to be made.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// How often a stream of entries says that it is there.
const IDLE_EVERY: Duration = Duration::from_secs(1);

/// How long answers to entries may take that were sent.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Connects to members.
pub(crate) struct Network {
    pub(crate) own: Arc<Acquaintance>,
    pub(crate) member: Member,
}

impl RaftNetworkFactory<Types> for Network {
    type Network = Peer;

    async fn new_client(&mut self, _: u64, node: &BasicNode) -> Peer {
        self.peer(node.addr.clone())
    }
}

impl Network {
    /// A member, at an address.
    pub(super) fn peer(&self, address: String) -> Peer {
        Peer {
            address,
            own: Arc::clone(&self.own),
            member: self.member.clone(),
            link: None,
            connecting: None,
            reader: EntryReader::default(),
        }
    }
}

/// Another member.
pub(crate) struct Peer {
    address: String,
    own: Arc<Acquaintance>,
    member: Member,
    link: Option<Link>,
    /// Goes on where who waited for it did not.
    connecting: Option<JoinHandle<Result<Link, Fault>>>,
    reader: EntryReader,
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(connecting) = &self.connecting {
            connecting.abort();
        }
    }
}

fn away(fault: &Fault) -> Unreachable<Types> {
    Unreachable::new(&AnyError::error(fault))
}

fn unexpected(answer: &Answer) -> Fault {
    let text = format!("{answer:?}");
    let name = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    Fault::malformed(format!("{name} where another answer was to come"))
}

impl Peer {
    /// A connection: the one that there is, or another one.
    async fn link(&mut self) -> Result<&mut Link, Fault> {
        let link = match self.link.take().filter(Link::is_usable) {
            Some(link) => link,
            None => self.connect().await?,
        };
        Ok(self.link.insert(link))
    }

    async fn connect(&mut self) -> Result<Link, Fault> {
        let connecting = self.connecting.get_or_insert_with(|| {
            let (address, own) = (self.address.clone(), Arc::clone(&self.own));
            runtime::spawn(async move {
                let opened = tokio::time::timeout(CONNECT_LIMIT, Link::open(&address, &own));
                let opened = match opened.await {
                    Ok(opened) => opened.map(|(link, _)| link),
                    Err(_) => Err(Fault::lost("it cannot be reached in time")),
                };
                if opened.is_err() {
                    tokio::time::sleep(REFUSED_PAUSE).await;
                }
                opened
            })
        });
        let connected = connecting.await;
        self.connecting = None;
        match connected {
            Ok(connected) => connected,
            Err(error) => Err(Fault::lost(format!("connecting has failed: {error}"))),
        }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) async fn ask(&mut self, question: &Question) -> Result<Answer, Fault> {
        let answer = self.link().await?.ask(question).await;
        self.keep_if(answer)
    }

    async fn ask_for_vote(
        &mut self,
        question: &Question,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        match self.ask(question).await {
            Ok(Answer::Vote(response)) => Ok(response),
            Ok(other) => Err(away(&unexpected(&other)).into()),
            Err(fault) => Err(away(&fault).into()),
        }
    }

    /// A connection that has failed is not used again.
    fn keep_if(&mut self, answer: Result<Answer, Fault>) -> Result<Answer, Fault> {
        if !matches!(answer, Ok(_) | Err(Fault::Refused(Reason::Busy, _))) {
            self.link = None;
        }
        answer
    }

    /// Entries that are asked about alone.
    async fn append(
        &mut self,
        request: AppendEntriesRequest<Types>,
        of: impl FnOnce(Append) -> Question,
    ) -> Result<Answer, Fault> {
        let append = fill(&self.member, &mut self.reader, request).await?;
        let answer = self.link().await?.ask_append(append, of).await;
        self.keep_if(answer)
    }

    /// Heartbeats come as streams of one question: the connection serves for the next one, too.
    async fn beat(
        &mut self,
        request: AppendEntriesRequest<Types>,
    ) -> Result<StreamAppendResult<Types>, Fault> {
        match self.append(request, Question::Stream).await? {
            Answer::Stream(result) => Ok(result),
            other => Err(unexpected(&other)),
        }
    }
}

/// Entries on the way to a member over one connection.
struct Streaming {
    receiver: Receiver,
    /// Questions that were sent and not answered.
    unanswered: Arc<AtomicUsize>,
    sending: JoinHandle<Result<(), Fault>>,
}

impl Drop for Streaming {
    fn drop(&mut self) {
        self.sending.abort();
    }
}

impl Streaming {
    /// The next answer; none where all were given to what was sent.
    async fn next(&mut self) -> Option<Result<StreamAppendResult<Types>, Fault>> {
        loop {
            let answer = tokio::time::timeout(ANSWER_LIMIT, hear(&mut self.receiver)).await;
            let is_waiting = self.unanswered.load(Ordering::Acquire) > 0;
            return match answer {
                Ok(Ok(Answer::Stream(result))) => {
                    self.unanswered.fetch_sub(1, Ordering::AcqRel);
                    Some(Ok(result))
                }
                Ok(Ok(other)) => Some(Err(unexpected(&other))),
                Ok(Err(_)) | Err(_) if self.sending.is_finished() && !is_waiting => {
                    self.sent().await
                }
                Ok(Err(fault)) => Some(Err(fault)),
                Err(_) if is_waiting => Some(Err(Fault::lost("no answer to entries in time"))),
                Err(_) => {
                    self.receiver.expect();
                    continue;
                }
            };
        }
    }

    /// What became of sending, which has ended, once all was answered.
    async fn sent(&mut self) -> Option<Result<StreamAppendResult<Types>, Fault>> {
        match (&mut self.sending).await {
            Ok(sent) => sent.err().map(Err),
            Err(error) => Some(Err(Fault::lost(format!("sending has failed: {error}")))),
        }
    }
}

/// Whether the log no longer has what comes behind an entry.
fn is_gone_behind(member: &Member, entry: Option<LogId>) -> bool {
    let next = entry.map_or(0, |entry| entry.index + 1);
    member.base().is_some_and(|base| base.id.index >= next)
}

/// Sends entries as they come, and says that it has ended, however it does.
async fn send_all<S>(
    input: S,
    mut sender: Sender,
    member: Member,
    unanswered: Arc<AtomicUsize>,
) -> Result<(), Fault>
where
    S: Stream<Item = AppendEntriesRequest<Types>> + Send + Unpin,
{
    let sent = send_each(input, &mut sender, &member, &unanswered).await;
    sender.finish().await;
    sent
}

async fn send_each<S>(
    mut input: S,
    sender: &mut Sender,
    member: &Member,
    unanswered: &AtomicUsize,
) -> Result<(), Fault>
where
    S: Stream<Item = AppendEntriesRequest<Types>> + Send + Unpin,
{
    let mut reader = EntryReader::default();
    loop {
        match tokio::time::timeout(IDLE_EVERY, input.next()).await {
            Ok(Some(request)) => {
                // The consensus would go on with none (S4 of `storage`): once this has failed it
                // looks anew at what the log has, and finds that the other one begins anew.
                if request.entries.is_empty() && is_gone_behind(member, request.prev_log_id) {
                    return Err(Fault::lost("the log no longer has what the other one lacks"));
                }
                let append = fill(member, &mut reader, request).await?;
                unanswered.fetch_add(1, Ordering::AcqRel);
                say_append(sender, append, Question::Stream).await?;
            }
            Ok(None) => return Ok(()),
            Err(_) => say(sender, &Question::Idle).await?,
        }
    }
}

impl RaftNetworkV2<Types> for Peer {
    type SnapshotData = ();

    async fn append_entries(
        &mut self,
        request: AppendEntriesRequest<Types>,
        _: RPCOption,
    ) -> Result<AppendEntriesResponse<Types>, RPCError<Types>> {
        match self.append(request, Question::Append).await {
            Ok(Answer::Append(response)) => Ok(response),
            Ok(other) => Err(away(&unexpected(&other)).into()),
            Err(fault) => Err(away(&fault).into()),
        }
    }

    fn stream_append<'s, S>(
        &'s mut self,
        mut input: S,
        _: RPCOption,
    ) -> BoxFuture<
        's,
        Result<BoxStream<'s, Result<StreamAppendResult<Types>, RPCError<Types>>>, RPCError<Types>>,
    >
    where
        S: Stream<Item = AppendEntriesRequest<Types>> + Send + Unpin + 'static,
    {
        Box::pin(async move {
            let Some(first) = input.next().await else {
                return Ok(Box::pin(futures_util::stream::empty()) as BoxStream<'s, _>);
            };
            let second = input.next().now_or_never();
            if matches!(second, Some(None)) {
                let result = self.beat(first).await.map_err(|fault| away(&fault))?;
                let answers = futures_util::stream::iter([Ok(result)]);
                return Ok(Box::pin(answers) as BoxStream<'s, _>);
            }
            let begin = [Some(first), second.flatten()].into_iter().flatten();
            let input = futures_util::stream::iter(begin).chain(input);
            let link = self.connect().await.map_err(|fault| away(&fault))?;
            let Channel { sender, receiver } = link.channel;
            let unanswered = Arc::<AtomicUsize>::default();
            let sent = send_all(input, sender, self.member.clone(), Arc::clone(&unanswered));
            let streaming = Streaming { receiver, unanswered, sending: runtime::spawn(sent) };
            let answers = futures_util::stream::unfold(Some(streaming), |streaming| async {
                let mut streaming = streaming?;
                match streaming.next().await? {
                    Ok(answer) => Some((Ok(answer), Some(streaming))),
                    Err(fault) => Some((Err(away(&fault).into()), None)),
                }
            });
            Ok(Box::pin(answers) as BoxStream<'s, _>)
        })
    }

    async fn vote(
        &mut self,
        request: VoteRequest<Types>,
        _: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        self.ask_for_vote(&Question::Vote(request)).await
    }

    async fn pre_vote(
        &mut self,
        request: VoteRequest<Types>,
        _: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        self.ask_for_vote(&Question::PreVote(request)).await
    }

    async fn full_snapshot(
        &mut self,
        vote: Vote,
        snapshot: SnapshotOf<Types, ()>,
        _: impl Future<Output = ReplicationClosed> + Send + 'static,
        _: RPCOption,
    ) -> Result<SnapshotResponse<Types>, StreamingError<Types>> {
        let question = Question::Behind { vote, upto: snapshot.meta.last_log_id };
        let fault = match self.ask(&question).await {
            Ok(_) => Fault::lost("it is made anew, as it lacks what the log no longer has"),
            Err(fault) => fault,
        };
        // It is told again until it has what it lacks.
        tokio::time::sleep(IDLE_EVERY).await;
        Err(StreamingError::Unreachable(away(&fault)))
    }

    async fn transfer_leader(
        &mut self,
        request: TransferLeaderRequest<Types>,
        _: RPCOption,
    ) -> Result<TransferLeaderResponse<Types>, RPCError<Types>> {
        match self.ask(&Question::Lead(request)).await {
            Ok(Answer::Lead(response)) => Ok(response),
            Ok(other) => Err(away(&unexpected(&other)).into()),
            Err(fault) => Err(away(&fault).into()),
        }
    }
}

"""The embedded engine: tantivy in process, no server.

A folder holds generations, each a whole index, and CURRENT, the name of the one in use, replaced in one step.
Several processes read; a look at two files before each search tells whether another process has swapped or
committed. One process writes at a time.
"""

import secrets
import shutil
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from time import monotonic, sleep, time_ns

import tantivy
from filelock import FileLock, Timeout

from search import lemmas
from search.embedded_index import (
    SCHEMA_VERSION,
    State,
    read_position,
    schema,
    tantivy_document,
    write_position,
)
from search.embedded_query import facet_counts, filtered, page_of, text_query
from search.engine import Busy, Change, IndexMissing, SearchError
from search.kept_answers import KeptAnswers
from search.kept_words import KeptWords
from search.lexicon import Lexicon
from search.prepare import Vocabulary, prepare
from search.query import SearchQuery, SearchResult
from search.schema import Document

CURRENT = "CURRENT"
SMALL_HEAP = 15_000_000
LARGE_HEAP = 200_000_000
BUSY_SECONDS = 5.0


class EmbeddedEngine:
    """tantivy over the generations in `folder`. Safe to use from several threads and processes."""

    name = "embedded"

    def __init__(self, folder: Path, lexicon: Lexicon) -> None:
        self._folder = folder
        self._lexicon = lexicon
        self._version = f"{SCHEMA_VERSION}.{lexicon.digest}"
        self._lock = Lock()
        self._state: State | None = None
        self._named: tuple[tuple[int, int], str | None] | None = None
        self.answers = KeptAnswers()
        self._words = KeptWords()
        self._writing = Lock()
        self._writer: tuple[Path, tantivy.IndexWriter] | None = None

    def ready(self) -> bool:
        try:
            self._current()
        except SearchError:
            return False
        return True

    def version(self) -> str:
        return f"tantivy {version('tantivy')}"

    def generation(self) -> str:
        return self._current().generation

    def settled(self) -> str | None:
        state = self._current()
        words = self._words.of(state.generation, state.read_words)
        return state.generation if words.generation == state.generation else None

    def position(self) -> int:
        return read_position(self._current().folder)

    def count(self) -> int:
        return int(self._current().searcher.num_docs)

    def warm_up(self) -> None:
        """Load what the first search would wait for."""
        lemmas.warm_up()
        if self.ready():
            state = self._current()
            self._words.of(state.generation, state.read_words)

    def search(self, query: SearchQuery) -> SearchResult:
        state = self._current()
        kept = self.answers.get(state.generation, query)
        if kept is not None:
            return kept
        words = self._words.of(state.generation, state.read_words)
        answer = self._answer(state, words.vocabulary, query)
        if words.generation == state.generation:
            self.answers.keep(query, answer)
        return answer

    def _answer(self, state: State, vocabulary: Vocabulary, query: SearchQuery) -> SearchResult:
        prepared = prepare(query.text, vocabulary, self._lexicon, exact=query.exact)
        text = text_query(state, prepared)
        wanted = filtered(state, text, query.filters)
        total, addresses = page_of(
            state,
            wanted,
            has_text=text is not None,
            sort=query.sort,
            offset=(query.page - 1) * query.per_page,
            limit=query.per_page,
        )
        return SearchResult(
            total=total,
            page=query.page,
            per_page=query.per_page,
            hits=state.hits(addresses),
            facets=facet_counts(state, text, query.filters),
            understood=prepared.understood,
            terms=prepared.marked,
            engine=self.name,
            generation=state.generation,
        )

    def apply(self, changes: Sequence[Change], position: int) -> None:
        folder = self._current().folder
        with self._writing:
            writer = self._writer_for(folder)
            try:
                for change in changes:
                    writer.delete_documents_by_term("id", change.id)
                    if change.document is not None:
                        writer.add_document(tantivy_document(change.document, self._lexicon))
                writer.commit()
            except ValueError as error:
                self._writer = None
                raise SearchError(f"the index could not take the changes: {error}") from error
            # After the commit: if the process dies between the two, the changes are taken once more.
            write_position(folder, position)

    def rest(self) -> None:
        """Close the writer, once its merges are done."""
        with self._writing:
            kept, self._writer = self._writer, None
            if kept is not None:
                kept[1].wait_merging_threads()

    def shadow(self, position: int) -> "EmbeddedShadow":
        self.sweep()
        name = f"{self._version}-{time_ns():x}-{secrets.token_hex(3)}"
        return EmbeddedShadow(self._folder, name, position, self._lexicon)

    def sweep(self) -> None:
        """Delete generations that an interrupted rebuild left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        _sweep(self._folder, keep={_current_name(self._folder)})

    def _current(self) -> State:
        """The newest state on disk; opened anew only when another generation or commit is there."""
        name = self._name()
        if name is None or not name.startswith(f"{self._version}-"):
            raise IndexMissing("there is no index of this version yet")
        try:
            committed = (self._folder / name / "meta.json").stat().st_mtime_ns
        except OSError as error:
            raise IndexMissing("the index is damaged") from error
        generation = f"{name}.{committed:x}"
        state = self._state
        if state is not None and state.generation == generation:
            return state
        with self._lock:
            if self._state is None or self._state.generation != generation:
                self._state = State(self._folder / name, generation)
            return self._state

    def _name(self) -> str | None:
        """The generation in use. Its name is read again when the file that holds it is another one."""
        try:
            told = (self._folder / CURRENT).stat()
        except OSError:
            return None
        mark = told.st_ino, told.st_mtime_ns
        if self._named is None or self._named[0] != mark:
            self._named = mark, _current_name(self._folder)
        return self._named[1]

    def _writer_for(self, folder: Path) -> tantivy.IndexWriter:
        """The one writer, kept open from change to change: it merges segments meanwhile, where closing it
        would wait for that (each eighth change 40 ms)."""
        if self._writer is not None and self._writer[0] == folder:
            return self._writer[1]
        self._writer = None
        deadline = monotonic() + BUSY_SECONDS
        while True:
            try:
                writer = tantivy.Index.open(str(folder)).writer(SMALL_HEAP, 1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise SearchError(f"the index cannot be written to: {error}") from error
                if monotonic() > deadline:
                    raise Busy("another process is writing to the index") from error
                sleep(0.05)
            else:
                self._writer = folder, writer
                return writer


class EmbeddedShadow:
    """A generation being filled. Its lock tells others that it is not an orphan."""

    def __init__(self, root: Path, name: str, position: int, lexicon: Lexicon) -> None:
        self._root = root
        self._lexicon = lexicon
        self._folder = root / name
        self._position = position
        self._lock = FileLock(root / f"{name}.lock")
        self._lock.acquire()
        self._folder.mkdir()
        self._index = tantivy.Index(schema(), path=str(self._folder), reuse=False)
        self._writer: tantivy.IndexWriter | None = self._index.writer(LARGE_HEAP, 1)

    def add(self, documents: Iterable[Document]) -> None:
        assert self._writer is not None  # noqa: S101 (add comes before finish)
        for document in documents:
            self._writer.add_document(tantivy_document(document, self._lexicon))

    def finish(self) -> int:
        assert self._writer is not None  # noqa: S101 (finish comes once)
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._writer = None
        write_position(self._folder, self._position)
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def swap(self) -> None:
        previous = _current_name(self._root)
        draft = self._root / f"{CURRENT}.new"
        draft.write_text(self._folder.name)
        draft.replace(self._root / CURRENT)
        # The one before stays for the searches that are still reading it.
        _sweep(self._root, keep={self._folder.name, previous})
        self._release()

    def discard(self) -> None:
        self._writer = None
        if _current_name(self._root) != self._folder.name:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._release()

    def _release(self) -> None:
        self._lock.release(force=True)
        (self._root / f"{self._folder.name}.lock").unlink(missing_ok=True)


def _current_name(root: Path) -> str | None:
    """The generation in use, None when there is none."""
    try:
        return (root / CURRENT).read_text().strip() or None
    except OSError:
        return None


def _sweep(root: Path, keep: set[str | None]) -> None:
    """Delete generations that nobody uses or fills any more."""
    for folder in root.iterdir():
        if not folder.is_dir() or folder.name in keep:
            continue
        lock = FileLock(root / f"{folder.name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        (root / f"{folder.name}.lock").unlink(missing_ok=True)

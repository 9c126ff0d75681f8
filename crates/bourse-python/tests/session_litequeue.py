"""A session with litequeue, a queue of messages: UPDATE with a subquery and RETURNING, by threads."""

import os
import threading
import unittest

import litequeue


class Session(unittest.TestCase):
    def setUp(self):
        self.queue = litequeue.LiteQueue(os.path.abspath(f"litequeue-{self._testMethodName}.db"))
        for number in range(5):
            self.queue.put(f"message {number}")

    def tearDown(self):
        self.queue.conn.close()

    def test_messages_come_in_their_order(self):
        taken = [self.queue.pop().data for _ in range(5)]
        self.assertEqual(taken, [f"message {number}" for number in range(5)])
        self.assertIsNone(self.queue.pop())
        self.assertTrue(self.queue.empty())

    def test_a_message_is_looked_at_without_taking_it(self):
        self.assertEqual(self.queue.peek().data, "message 0")
        self.assertEqual(self.queue.qsize(), 5)

    def test_messages_are_done_failed_and_tried_again(self):
        first, second = self.queue.pop(), self.queue.pop()
        self.queue.done(first.message_id)
        self.queue.mark_failed(second.message_id)
        self.assertEqual([m.data for m in self.queue.list_failed()], ["message 1"])
        self.assertEqual(self.queue.get(first.message_id).status, litequeue.MessageStatus.DONE)
        self.queue.retry(second.message_id)
        self.assertEqual(self.queue.pop().data, "message 1")
        self.queue.prune()
        self.assertIsNone(self.queue.get(first.message_id))
        self.assertEqual(self.queue.qsize(), 4)

    def test_locked_messages_are_listed(self):
        self.queue.pop()
        self.assertEqual([m.data for m in self.queue.list_locked(-1)], ["message 0"])

    def test_threads_take_each_message_once(self):
        taken = []

        def take():
            while (message := self.queue.pop()) is not None:
                taken.append(message.data)

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(taken), [f"message {number}" for number in range(5)])

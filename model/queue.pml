/* queue.pml - the ring of src/sync/queue/ring.c with the bell of src/sync/bell.h, for spin.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Two producers and two consumers at a ring of CAPACITY slots, ITEMS from each producer. A step is a
 * load, a store or a swap of the C code, and what is sequentially consistent there is so here; a claim
 * of tail reads and moves tail and `closed` together, for they are one word. The store that fills or
 * frees a slot is only a release: it may become visible after its thread has looked for waiters and
 * rung (`finish` below). A look that meets a slot between claim and store blocks until something
 * changes, so waiting there in vain would be found as a deadlock.
 *
 * Who closes: the last producer, or with CLOSE_EARLY somebody at any moment. With TIMEOUTS the first
 * consumer and the first producer may give up in any sleep. With QUOTA alone nobody closes, and
 * each consumer takes one item and goes home.
 *
 * Found to hold in every order of steps: no item comes twice, out of order or from nowhere; each that
 * was accepted is delivered; nobody sleeps for ever (spin: invalid end state).
 *
 * model: -DCAPACITY=1 -DITEMS=1
 * model: -DCAPACITY=2 -DITEMS=1
 * model: -DCAPACITY=2 -DITEMS=1 -DLATE_STORES
 * model: -DCAPACITY=1 -DITEMS=1 -DCLOSE_EARLY -DQUOTA
 * model: -DCAPACITY=2 -DITEMS=1 -DCLOSE_EARLY -DQUOTA
 * model: -DCAPACITY=2 -DITEMS=1 -DTIMEOUTS
 * model: -DCAPACITY=1 -DITEMS=1 -DQUOTA -DLATE_STORES
 * model: -DCAPACITY=2 -DITEMS=1 -DQUOTA -DLATE_STORES
 *
 * Each planted bug is found:
 *
 * bug: -DCAPACITY=1 -DITEMS=1 -DQUOTA -DBUG_NO_RING             nobody rings
 * bug: -DCAPACITY=1 -DITEMS=1 -DQUOTA -DBUG_ENTER_LATE          looks, then enters the bell
 * bug: -DCAPACITY=1 -DITEMS=1 -DQUOTA -DBUG_LISTEN_LATE         looks, then reads the rings
 * bug: -DCAPACITY=2 -DITEMS=1 -DQUOTA -DBUG_KEEP_CALLED         `called` is not cleared
 * bug: -DCAPACITY=2 -DITEMS=1 -DQUOTA -DBUG_NO_HANDING_ON       who leaves does not call the next
 * bug: -DCAPACITY=1 -DITEMS=1 -DCLOSE_EARLY -DBUG_CLOSED_APART  a claim does not look at `closed`
 * bug: -DCAPACITY=1 -DITEMS=1 -DCLOSE_EARLY -DBUG_CLOSE_ONE     close wakes one of several */

#define PRODUCERS 2
#define CONSUMERS 2
#define VALUES    (PRODUCERS * ITEMS)

/* ---- the ring ---- */

byte tail, head;     /* positions; so few are used that they need not wrap */
bool closed;         /* a bit of tail */
byte turn[CAPACITY]; /* 2 lap: free for that lap; 2 lap + 1: full */
byte slot[CAPACITY];

#define INDEX(at) ((at) % CAPACITY)
#define LAP(at)   ((at) / CAPACITY)

/* ---- the bells ---- */

#define ROOM      0
#define FOR_ITEMS 1
#define AWAKE     2

byte waiting[2];
bool called[2];
byte asleep[4] = AWAKE; /* of each thread: at which bell */
byte missed[2] = 15;    /* a bit a thread: it has rung since that one listened. Stands for `rings`, of
                         * which no more matters than whether it has moved */
#define MINE (1 << me)

/* ---- what is checked ---- */

bool accepted[VALUES], delivered[VALUES];
byte producing = PRODUCERS, running = PRODUCERS + CONSUMERS;

mtype = { OK, NOTHING, CLOSED };

/* ---- bells ---- */

inline wake_one(bell)
{
    if
    :: asleep[0] == bell -> asleep[0] = AWAKE
    :: asleep[1] == bell -> asleep[1] = AWAKE
    :: asleep[2] == bell -> asleep[2] = AWAKE
    :: asleep[3] == bell -> asleep[3] = AWAKE
    :: else
    fi
}

inline wake_all(bell)
{
    d_step {
        if :: asleep[0] == bell -> asleep[0] = AWAKE :: else fi;
        if :: asleep[1] == bell -> asleep[1] = AWAKE :: else fi;
        if :: asleep[2] == bell -> asleep[2] = AWAKE :: else fi;
        if :: asleep[3] == bell -> asleep[3] = AWAKE :: else fi
    }
}

/* weft__bell_ring */
inline ring(bell)
{
#ifndef BUG_NO_RING
    if
    :: waiting[bell] > 0 && !called[bell] ->
       if
       :: atomic { !called[bell] -> called[bell] = true };
          atomic { missed[bell] = 15; wake_one(bell) }
       :: else
       fi
    :: else
    fi
#else
    skip
#endif
}

inline ring_all(bell)
{
    atomic {
        called[bell] = true;
        missed[bell] = 15;
#ifdef BUG_CLOSE_ONE
        wake_one(bell)
#else
        wake_all(bell)
#endif
    }
}

inline close_queue()
{
    closed = true;
    ring_all(FOR_ITEMS);
    ring_all(ROOM)
}

#define HEAR(bell) missed[bell] = missed[bell] & (15 - MINE)

inline listen(bell)
{
#ifndef BUG_LISTEN_LATE
    HEAR(bell);
#endif
#ifndef BUG_KEEP_CALLED
    called[bell] = false;
#endif
    skip
}

/* The kernel sleeps only if it has not rung since; or until the deadline. */
inline sleep(bell, may_give_up)
{
#ifdef BUG_LISTEN_LATE
    HEAR(bell);
#endif
    if
    :: atomic { !(missed[bell] & MINE) -> asleep[me] = bell };
       if
       :: asleep[me] == AWAKE
       :: atomic { may_give_up && asleep[me] != AWAKE -> asleep[me] = AWAKE; late = true }
       fi
    :: else
    fi
}

#define LEAVE_(bell) atomic { waiting[bell]--; missed[bell] = missed[bell] | MINE }

#ifdef BUG_ENTER_LATE
#define ENTER(bell)      skip
#define ENTER_LATE(bell) waiting[bell]++
#define LEAVE_SOON(bell) waiting[bell]--
#define LEAVE(bell)      missed[bell] = missed[bell] | MINE
#else
#define ENTER(bell)      waiting[bell]++
#define ENTER_LATE(bell) skip
#define LEAVE_SOON(bell) skip
#define LEAVE(bell)      LEAVE_(bell)
#endif

/* ---- one look each; a slot that was claimed is filled or freed in finish ----
 *
 * What a thread reads before a claim is read in one step, for the claim fails when it is old; what it
 * does to a slot of its own is part of the claim, for nobody else can see it. */

inline look_to_put(item)
{
    do
    :: atomic { at = tail; end = closed; seen = turn[INDEX(at)] };
       if
       :: end -> status = CLOSED; break
       :: !end && seen == 2 * LAP(at) ->
          atomic {
              if
#ifdef BUG_CLOSED_APART
              :: tail == at ->
#else
              :: tail == at && !closed ->
#endif
                 tail++; slot[INDEX(at)] = item; accepted[item] = true; status = OK; break
              :: else
              fi
          }
       :: !end && seen > 2 * LAP(at)
       :: !end && seen < 2 * LAP(at) ->
          if
          :: head + CAPACITY == at -> status = NOTHING; break
          :: else -> (turn[INDEX(at)] != seen || tail != at || closed)
          fi
       fi
    od;
    seen = 0; end = false
}

inline receive(value)
{
    assert(accepted[value] && !delivered[value] && value % ITEMS >= next[value / ITEMS]);
    delivered[value] = true;
    next[value / ITEMS] = value % ITEMS + 1
}

inline look_to_get()
{
    do
    :: atomic { at = head; seen = turn[INDEX(at)] };
       if
       :: seen == 2 * LAP(at) + 1 ->
          atomic {
              if
              :: head == at -> head++; status = OK; receive(slot[INDEX(at)]); break
              :: else
              fi
          }
       :: seen > 2 * LAP(at) + 1
       :: seen < 2 * LAP(at) + 1 ->
          if
          :: tail == at && closed -> status = CLOSED; break
          :: tail == at && !closed -> status = NOTHING; break
          :: else -> (turn[INDEX(at)] != seen || head != at)
          fi
       fi
    od;
    seen = 0
}

/* Calls the next one who waits as we did, if there is something for it too. */
inline hand_on(bell)
{
#ifndef BUG_NO_HANDING_ON
    if
    :: waited && ((bell == FOR_ITEMS && tail > head) ||
                  (bell == ROOM && tail - head < CAPACITY)) -> ring(bell)
    :: else
    fi;
#endif
    waited = false
}

inline finish(next_turn, mine, others)
{
    if
    :: turn[INDEX(at)] = next_turn; hand_on(mine); ring(others)
#ifdef LATE_STORES
    :: hand_on(mine); ring(others); turn[INDEX(at)] = next_turn
#endif
    fi;
    at = 0
}

#ifdef TIMEOUTS
#define GIVES_UP(number) ((number) == 0)
#else
#define GIVES_UP(number) false
#endif

/* ---- threads ---- */

proctype producer(byte number)
{
    byte k, at, seen, me = number;
    bool end, late, waited;
    mtype status;
    do
    :: k == ITEMS -> break
    :: else ->
       look_to_put(number * ITEMS + k);
       if
       :: status == NOTHING ->
          waited = true;
          ENTER(ROOM);
          do
          :: listen(ROOM);
             look_to_put(number * ITEMS + k);
             if
             :: status != NOTHING || late -> break
             :: else
             fi;
             ENTER_LATE(ROOM);
             sleep(ROOM, GIVES_UP(number));
             LEAVE_SOON(ROOM)
          od;
          LEAVE(ROOM)
       :: else
       fi;
       if
       :: status == OK ->
          finish(2 * LAP(at) + 1, ROOM, FOR_ITEMS)
       :: else -> break
       fi;
       k++
    od;
    atomic { producing--; end = (producing == 0) };
#if !defined(CLOSE_EARLY) && !defined(QUOTA)
    if
    :: end -> close_queue()
    :: else
    fi;
#endif
    running--
}

proctype consumer(byte number)
{
    byte at, seen, me = PRODUCERS + number;
    byte next[PRODUCERS];
    bool late, waited;
    mtype status;
    do
    :: look_to_get();
       if
       :: status == NOTHING ->
          waited = true;
          ENTER(FOR_ITEMS);
          do
          :: listen(FOR_ITEMS);
             look_to_get();
             if
             :: status != NOTHING || late -> break
             :: else
             fi;
             ENTER_LATE(FOR_ITEMS);
             sleep(FOR_ITEMS, GIVES_UP(number));
             LEAVE_SOON(FOR_ITEMS)
          od;
          LEAVE(FOR_ITEMS)
       :: else
       fi;
       if
       :: status == OK ->
          finish(2 * LAP(at) + 2, FOR_ITEMS, ROOM)
       :: else -> break
       fi;
#ifdef QUOTA
       break
#endif
    od;
    running--
}

init {
    byte k;
    atomic {
        run producer(0);
        run producer(1);
        run consumer(0);
        run consumer(1)
    };
#ifdef CLOSE_EARLY
    close_queue();
#endif
    running == 0;
    do
    :: k == VALUES -> break
    :: else -> assert(accepted[k] == delivered[k]); k++
    od
}

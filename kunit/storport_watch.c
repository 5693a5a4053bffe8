// SPDX-License-Identifier: GPL-2.0-only
/* Who holds, or waits for, which lock: for the suites of StorPort. */
#include "storport_fixture.h"

PKSPIN_LOCK fake_stor_isr_lock(struct fake_stor *stor, unsigned int id)
{
	return stor->miniport->adapter.intr->each[id].lock;
}

/**
 * struct place - where somebody may be
 * @task:	who
 * @lock:	at which lock
 */
struct place {
	struct task_struct *task;
	PKSPIN_LOCK lock;
};

#ifdef CONFIG_LOCKDEP
/* Lockdep makes its note before a CPU waits. */
static bool at_lock(void *arg)
{
	struct place *place = arg;
	struct lockdep_map *map = &minirq_spinlock(place->lock)->raw.dep_map;
	int i;

	for (i = 0; i < READ_ONCE(place->task->lockdep_depth); i++)
		if (READ_ONCE(place->task->held_locks[i].instance) == map)
			return true;
	return false;
}
#elif defined(CONFIG_QUEUED_SPINLOCKS)
/*
 * The lock's holder is known by its CPU, and so is the last in the queue. That
 * somebody is ahead of the queue is known, but not who.
 */
static bool at_lock(void *arg)
{
	struct place *place = arg;
	struct minirq_spinlock *lock = minirq_spinlock(place->lock);
	u32 word = atomic_read(&lock->raw.raw_lock.val);
	u32 cpu = task_cpu(place->task);

	return READ_ONCE(lock->owner) == cpu + 1 || word & _Q_PENDING_MASK ||
	       word >> _Q_TAIL_CPU_OFFSET == cpu + 1;
}
#else
static bool at_lock(void *arg)
{
	return false;
}
#endif

bool fake_stor_at_lock(struct task_struct *task, PKSPIN_LOCK lock)
{
	struct place place = { task, lock };

	/* the more patient one where that is possible */
	if (KeGetCurrentIrql() == PASSIVE_LEVEL)
		return wait_until(at_lock, &place);
	return spin_until(at_lock, &place);
}

bool fake_stor_isr_waits(struct fake_stor *stor, unsigned int cpu,
			 unsigned int id, struct task_struct *holder)
{
	PKSPIN_LOCK lock = fake_stor_isr_lock(stor, id);

	return fake_stor_at_lock(holder, lock) &&
	       fake_stor_at_lock(stor->job[cpu].task, lock);
}

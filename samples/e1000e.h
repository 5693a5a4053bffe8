/* SPDX-License-Identifier: GPL-2.0-only */
/* What e1000e_ndis.c offers to its Linux side beyond what every sample does. */
#ifndef E1000E_H
#define E1000E_H

/* A queue of packets that belongs to a processor */
typedef struct _E1000_QUEUE_STATE {
	unsigned int Processor;
	unsigned int Packets;	/* indicated, all of them there */
	unsigned int Recalls;	/* how often there were more than a DPC may indicate */
	unsigned int Moves;	/* DPCs that were queued there by one elsewhere */
} E1000_QUEUE_STATE;

/* Let packets arrive in a queue of the first adapter; 0 if there is none */
int E1000Receive(unsigned int Queue, unsigned int Count);

/* Describe a queue of the first adapter; 0 if there is none */
int E1000QueryQueue(unsigned int Queue, E1000_QUEUE_STATE *State);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses of Ethernet, six bytes each. */
#ifndef _X_FILTER_DEFS_
#define _X_FILTER_DEFS_

#include <ntdef.h>

#define ETH_LENGTH_OF_ADDRESS	6

#define ETH_IS_MULTICAST(Address) \
	((BOOLEAN)(((const UCHAR *)(Address))[0] & 1))
#define ETH_IS_BROADCAST(Address) \
	(((const UCHAR *)(Address))[0] == 0xff && ((const UCHAR *)(Address))[1] == 0xff)

#define ETH_COPY_NETWORK_ADDRESS(Destination, Source) \
	((void)__builtin_memcpy((Destination), (Source), ETH_LENGTH_OF_ADDRESS))

/* 0 when they are equal */
#define ETH_COMPARE_NETWORK_ADDRESSES_EQ(A, B, Result) \
	(*(Result) = !!__builtin_memcmp((A), (B), ETH_LENGTH_OF_ADDRESS))

#endif

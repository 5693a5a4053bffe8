/* SPDX-License-Identifier: GPL-2.0-only */
/* The kinds of network interfaces, as IANA numbers them. */
#ifndef _INC_IPIFCONS
#define _INC_IPIFCONS

#define IF_TYPE_OTHER			1
#define IF_TYPE_ETHERNET_CSMACD		6
#define IF_TYPE_ISO88025_TOKENRING	9
#define IF_TYPE_FDDI			15
#define IF_TYPE_PPP			23
#define IF_TYPE_SOFTWARE_LOOPBACK	24
#define IF_TYPE_ATM			37
#define IF_TYPE_PROP_VIRTUAL		53
#define IF_TYPE_IEEE80211		71
#define IF_TYPE_TUNNEL			131
#define IF_TYPE_IEEE1394		144

#endif

// Clusters of blocks (sm_90): where a block is in its cluster, the barrier of the cluster, the shared memory of its other blocks.
#pragma once

inline int cluster_block_index_x() { return static_cast<int>(tilewright::simulator::indices->block_in_cluster.x); }
inline int cluster_block_index_y() { return static_cast<int>(tilewright::simulator::indices->block_in_cluster.y); }
inline int cluster_block_index_z() { return static_cast<int>(tilewright::simulator::indices->block_in_cluster.z); }
inline int cluster_rank() {
  const auto& extent = tilewright::simulator::indices->cluster_extent;
  const auto& place = tilewright::simulator::indices->block_in_cluster;
  return static_cast<int>(place.x + extent.x * (place.y + extent.y * place.z));
}
inline int cluster_size() {
  const auto& extent = tilewright::simulator::indices->cluster_extent;
  return static_cast<int>(extent.x * extent.y * extent.z);
}

inline void cluster_arrive(TILEWRIGHT_SITE) { tilewright::simulator::cluster_arrive(false, site); }
inline void cluster_arrive_relaxed(TILEWRIGHT_SITE) { tilewright::simulator::cluster_arrive(true, site); }
inline void cluster_wait(TILEWRIGHT_SITE) { tilewright::simulator::cluster_wait(site); }

template <typename T>
inline T* map_shared_rank(T* shared, int rank, TILEWRIGHT_SITE) {
  return static_cast<T*>(tilewright::simulator::map_to_block(shared, rank, site));
}
template <typename T>
inline T load_cluster(const T* source, TILEWRIGHT_SITE) {
  tilewright::simulator::check_cluster_address(source, site);
  return load(source, site);
}
template <typename T, typename V>
inline void store_cluster(T* destination, V value, TILEWRIGHT_SITE) {
  tilewright::simulator::check_cluster_address(destination, site);
  store(destination, value, site);
}
template <typename T>
inline T atomic_add_cluster(T* destination, T value, TILEWRIGHT_SITE) {
  tilewright::simulator::check_cluster_address(destination, site);
  return atomic_add(destination, value, site);
}

inline void mbarrier_arrive_remote(u64* barrier, int rank, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_remote_arrival(barrier, rank, 0, false, site);
}
inline void mbarrier_arrive_expect_remote(u64* barrier, int rank, int bytes, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_remote_arrival(barrier, rank, static_cast<unsigned>(bytes), false, site);
}
inline void mbarrier_arrive_cluster(u64* barrier, int rank, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_remote_arrival(barrier, rank, 0, true, site);
}
inline bool mbarrier_try_wait_cluster(u64* barrier, int parity, TILEWRIGHT_SITE) {
  return tilewright::simulator::mbarrier_test(barrier, static_cast<unsigned>(parity), false, true, site);
}
inline void mbarrier_wait_cluster(u64* barrier, int parity, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_test(barrier, static_cast<unsigned>(parity), true, true, site);
}
